from django.db import migrations

from console.accounts import vault


def reseal(apps, _editor):
    """A secret was sealed for its team's slug, which can change; now for its webtask's number."""
    for secret in apps.get_model("webtasks", "Secret").objects.select_related("webtask__team").iterator():
        webtask = secret.webtask
        try:
            value = vault.unseal(bytes(secret.value), webtask.team.slug, webtask.name, secret.name)
        except vault.Broken:
            continue  # its key is lost, and it with it
        secret.value = vault.seal(value, "secret", str(webtask.pk), secret.name)
        secret.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [
        ("webtasks", "0009_guards"),
        ("accounts", "0007_teams"),
    ]

    operations = [migrations.RunPython(reseal, migrations.RunPython.noop)]
