"""The labels that decide what may be seen, in an index: every list of letters asks for them first."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("letters", "0009_notice_once_gone")]

    operations = [
        AddIndexConcurrently(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("digital__in", ["available", "opened"])),
                fields=["person"],
                include=("security_codes", "withheld_until", "digital", "id"),
                name="letter_labels",
            ),
        ),
    ]
