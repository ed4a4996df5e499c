from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webtasks", "0011_forks")]

    operations = [
        migrations.AddField(
            "webtask", "share_key", models.CharField(blank=True, max_length=22, null=True, unique=True)
        ),
    ]
