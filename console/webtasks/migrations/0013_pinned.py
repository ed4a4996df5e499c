from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webtasks", "0012_share_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="webtask",
            name="pinned",
            field=models.BooleanField(default=True),
        ),
    ]
