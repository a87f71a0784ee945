from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField("message", "attachment_path", models.CharField(blank=True, max_length=200, default="")),
        migrations.AddField("message", "attachment_name", models.CharField(blank=True, max_length=150, default="")),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=~models.Q(("attachment_path", "")) & ~models.Q(("state", "sent")),
                fields=["attachment_path"],
                name="message_owes_file",
            ),
        ),
    ]
