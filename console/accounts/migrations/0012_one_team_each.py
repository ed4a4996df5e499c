from django.db import migrations
from django.utils import timezone


def revoke(apps, _schema):
    """What people's clients issued for several teams at once: it stood in no team's list and trail, and none could end it.

    Those of no team that nobody is the author of are the operator's.
    """
    token, team = apps.get_model("accounts", "Token"), apps.get_model("accounts", "Team")
    event = apps.get_model("accounts", "AuditEvent")
    for one in token.objects.filter(team=None, author__isnull=False, revoked_at=None).iterator():
        token.objects.filter(pk=one.pk).update(revoked_at=timezone.now())
        before = {"name": one.name, "kind": one.kind}
        for owner in team.objects.filter(slug__in=one.claims.get("ten", "").split(",")):
            event.objects.create(
                actor="system",
                team=owner.slug,
                team_key=owner.pk,
                action="token.revoke",
                object=one.jti,
                detail={"before": before},
            )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_holders")]

    operations = [migrations.RunPython(revoke, migrations.RunPython.noop)]
