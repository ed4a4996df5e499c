from django.db import migrations, models

from console.accounts.append_only import guard, unguard


def keys(apps, _schema):
    """Whose the events so far are. No team was ever deleted or renamed, and no account's address given to another."""
    event = apps.get_model("accounts", "AuditEvent")
    for team in apps.get_model("accounts", "Team").objects.all():
        event.objects.filter(team=team.slug).update(team_key=team.pk)
        for one in event.objects.filter(team=team.slug, object__startswith=f"{team.slug}/").iterator():
            event.objects.filter(pk=one.pk).update(object=one.object.removeprefix(f"{team.slug}/"))
    for one in event.objects.filter(actor__contains=" by token ").iterator():
        actor, _, token = one.actor.partition(" by token ")
        event.objects.filter(pk=one.pk).update(actor=actor, token=token)
    for user in apps.get_model("accounts", "User").objects.all():
        event.objects.filter(team="", object=user.email).update(person_key=user.pk)
        event.objects.filter(actor=user.email).update(actor_key=user.pk)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_invitations")]

    operations = [
        migrations.RemoveIndex("AuditEvent", "audit_by_team"),
        migrations.AddField(
            "AuditEvent",
            "token",
            models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField("AuditEvent", "actor_key", models.BigIntegerField(null=True)),
        migrations.AddField("AuditEvent", "team_key", models.BigIntegerField(null=True)),
        migrations.AddField("AuditEvent", "person_key", models.BigIntegerField(null=True)),
        migrations.AlterField("AuditEvent", "object", models.CharField(max_length=254)),
        migrations.RunPython(keys, migrations.RunPython.noop),
        migrations.AddIndex(
            "AuditEvent", models.Index(fields=["team_key", "at", "id"], name="audit_by_team")
        ),
        migrations.AddIndex(
            "AuditEvent", models.Index(fields=["team_key", "actor", "at", "id"], name="audit_by_actor")
        ),
        migrations.AddIndex(
            "AuditEvent", models.Index(fields=["team_key", "object", "at", "id"], name="audit_by_object")
        ),
        migrations.AddIndex(
            "AuditEvent", models.Index(fields=["person_key", "at", "id"], name="audit_by_person")
        ),
        migrations.RunPython(guard, unguard),
    ]
