"""The address of a seal's key names four files since it names the key for codes too; three hundred signs were too few."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_regional_offices")]

    operations = [
        migrations.AlterField(
            model_name="office", name="seal_key", field=models.CharField(blank=True, max_length=1000)
        ),
    ]
