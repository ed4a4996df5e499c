import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_audit")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="holds",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holder",
                to="accounts.token",
            ),
        ),
    ]
