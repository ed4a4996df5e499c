"""Every named webtask has the token that its URL stands for."""

import time
import uuid
from urllib.parse import quote

from django.db import migrations


def issue(apps, schema_editor):
    Token = apps.get_model("accounts", "Token")
    for webtask in apps.get_model("webtasks", "Webtask").objects.filter(token=None).select_related("team"):
        jti, team, name = uuid.uuid4().hex, webtask.team, webtask.name
        claims = {
            "jti": jti,
            "iat": int(time.time()),
            "ten": team.slug,
            "jtn": name,
            "mb": 1,
            "dd": 0,
            "dr": 1,
        }
        claims["url"] = f"webtask://localhost/api/data/code/{quote(f'{team.slug}/{name}', safe='')}"
        webtask.token = Token.objects.create(jti=jti, team=team, name=name, claims=claims)
        webtask.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [("webtasks", "0004_content")]

    operations = [migrations.RunPython(issue, migrations.RunPython.noop)]
