"""A change of an agency's fee account waits until the platform confirms it. Accounts that stand count as confirmed."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_longer_address_of_a_seal")]

    operations = [
        migrations.AddField(
            model_name="agency", name="pan", field=models.CharField(blank=True, default="", max_length=10)
        ),
        migrations.CreateModel(
            name="FeeAccountChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state_code", models.CharField(max_length=2)),
                ("pan", models.CharField(blank=True, max_length=10)),
                ("gstin", models.CharField(blank=True, max_length=15)),
                ("billing_address", models.TextField(blank=True)),
                ("gateway", models.CharField(blank=True, max_length=40)),
                ("proposed_by", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the administrator of the platform"),
                            ("confirmed", "Confirmed"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Taken back"),
                            ("replaced", "Replaced by a later one"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=64)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, max_length=1000)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_account_changes",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("agency",),
                        name="fee_account_change_one_waits",
                    )
                ],
            },
        ),
    ]
