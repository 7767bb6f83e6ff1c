"""Whether a group or a hospital's appointment lies in the way of a free time is answered from an index."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("appointments", "0003_settled_messages_index")]

    operations = [
        AddIndexConcurrently(
            model_name="claim",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("exclusive", False)), fields=["resource", "during"], name="claim_shared"
            ),
        ),
    ]
