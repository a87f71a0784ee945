from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0009_roles_parts_and_net_weight"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["submitted_at"], name="application_submitted"),
        ),
    ]
