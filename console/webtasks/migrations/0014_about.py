from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webtasks", "0013_pinned"),
    ]

    operations = [
        migrations.AddField(
            model_name="webtask",
            name="description",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="webtask",
            name="tags",
            field=models.CharField(blank=True, default="", max_length=311),
            preserve_default=False,
        ),
    ]
