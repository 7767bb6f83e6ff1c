"""Each person who is told gets one notice of a round on a channel."""

from django.db import migrations, models
from django.db.models import Q

_ONCE = models.UniqueConstraint(
    condition=~Q(round="opened_up"),
    fields=("letter", "to_person", "channel", "round"),
    name="notice_once_for_each",
    nulls_distinct=False,
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("letters", "0007_look_again_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddConstraint("notice", _ONCE)],
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY notice_once_for_each ON letters_notice"
                    " (letter_id, to_person_id, channel, round) NULLS NOT DISTINCT WHERE NOT (round = 'opened_up')",
                    "DROP INDEX CONCURRENTLY notice_once_for_each",
                )
            ],
        )
    ]
