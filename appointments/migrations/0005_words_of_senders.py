"""What a sender calls an appointment and its whole, so that a part may come before its whole; and its own codes."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_shared_claims_index")]

    operations = [
        migrations.AddField(
            model_name="appointmentsource",
            name="part_of",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="appointmentsource",
            name="security_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="appointmentsource",
            name="sender_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
