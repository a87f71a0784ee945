from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issuance", "0006_where_a_resealing_in_parts_goes_on")]

    operations = [
        migrations.AddField(
            model_name="registerkey",
            name="revoked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registerkey",
            name="revoked_reason",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
