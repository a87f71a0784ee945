from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issuance", "0005_prints_by_post")]

    operations = [
        migrations.AddField(
            model_name="resealing",
            name="reached",
            field=models.BigIntegerField(default=0),
        ),
    ]
