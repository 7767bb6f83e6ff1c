"""Letters that a sweep must look at again are found at once."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("letters", "0006_labels_taken_over")]

    operations = [
        AddIndexConcurrently(
            "letter",
            models.Index("look_again_at", condition=Q(look_again_at__isnull=False), name="letter_look_again"),
        )
    ]
