"""Operators count the last day's messages: an index over when each was settled."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("appointments", "0002_guards")]

    operations = [
        AddIndexConcurrently(
            model_name="remindermessage",
            index=models.Index(
                models.F("settled_at"), condition=models.Q(("settled_at__isnull", False)), name="reminder_settled"
            ),
        ),
    ]
