from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_attachments")]

    operations = [
        migrations.AddField("message", "is_fleeting", models.BooleanField(db_default=False, default=False)),
    ]
