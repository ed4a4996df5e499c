from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webtasks", "0010_places")]

    operations = [
        migrations.AddField("webtask", "seed", models.JSONField(blank=True, default=dict)),
    ]
