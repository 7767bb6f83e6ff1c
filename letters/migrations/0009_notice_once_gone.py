"""One letter may tell several people: the constraint that knew only of one goes, now that its heir is in place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("letters", "0008_notice_for_each")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveConstraint("notice", "notice_once")],
            database_operations=[
                migrations.RunSQL(
                    "-- squawk-ignore ban-drop-constraint\nALTER TABLE letters_notice DROP CONSTRAINT notice_once",
                    "ALTER TABLE letters_notice ADD CONSTRAINT notice_once UNIQUE (letter_id, channel, round)",
                )
            ],
        )
    ]
