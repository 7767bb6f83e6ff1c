"""Letters carry every code of set 9603 and the referrals they belong to; notices say who they are for.

`security_code` leaves the models and stays in the table with a default, so that the version before may run beside this
one. A letter that held only the default is not known to be labelled N by anybody, and gets no label.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_NOTICE_TO_PERSON = """
ALTER TABLE letters_notice ADD COLUMN to_person_id uuid NULL;
ALTER TABLE letters_notice ADD CONSTRAINT letters_notice_to_person_fk
    FOREIGN KEY (to_person_id) REFERENCES people_person (id) DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_family"), ("letters", "0004_row_security")]

    operations = [
        migrations.AddField("letter", "look_again_at", models.DateTimeField(null=True)),
        migrations.AddField("letter", "withheld_until", models.DateTimeField(null=True)),
        migrations.AddField("letter", "opened_as", models.CharField(blank=True, db_default="", max_length=20)),
        migrations.AddField(
            "letter",
            "referral_ids",
            django.contrib.postgres.fields.ArrayField(models.UUIDField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            "letter",
            "security_codes",
            django.contrib.postgres.fields.ArrayField(models.TextField(), db_default=[], default=list, size=None),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("letter", "security_code")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE letters_letter ALTER COLUMN security_code SET DEFAULT 'N'",
                    "ALTER TABLE letters_letter ALTER COLUMN security_code DROP DEFAULT",
                )
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    "notice",
                    "to_person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(_NOTICE_TO_PERSON, "ALTER TABLE letters_notice DROP COLUMN to_person_id")
            ],
        ),
        migrations.AlterField(
            "notice",
            "round",
            models.CharField(
                choices=[("first", "First"), ("reminder", "Reminder"), ("opened_up", "Opened Up")], max_length=10
            ),
        ),
        migrations.AlterField(
            "clerktask",
            "reason",
            models.CharField(
                choices=[
                    ("deceased", "Pasienten er død"),
                    ("protected_address", "Pasienten har adressesperre"),
                    ("no_address", "Pasienten har ingen postadresse"),
                    ("foreign_address", "Utenlandsk adresse må kontrolleres"),
                    ("no_parent_at_address", "Ingen forelder bor på barnets adresse"),
                    ("age_unknown", "Alderen er ukjent"),
                    ("withheld", "Brevet er merket med sperring eller nekting"),
                    ("unknown_code", "Brevet har en sperrekode vi ikke kjenner"),
                    ("parents_denied", "Foreldrene skal ikke se brevet. Behandler må bestemme veien"),
                    ("unknown_person", "Pasienten finnes ikke i Folkeregisteret"),
                    ("address_returned", "Post til denne adressen er kommet i retur"),
                    ("returned", "Brevet er kommet i retur"),
                    ("too_late", "Papirbrevet rekker ikke fram i tide"),
                    ("rejected", "Trykkeriet avviste brevet"),
                    ("outcome_unknown", "Vi vet ikke om trykkeriet fikk brevet"),
                    ("conflict", "Trykkeriet har et annet brev med samme nøkkel"),
                    ("render_failed", "Brevet lot seg ikke lage"),
                    ("given_up", "Noe uventet stoppet brevet"),
                    ("missing_at_printer", "Trykkeriet mangler brevet"),
                    ("undecided", "Vi fikk ikke bestemt hvordan brevet skal sendes"),
                ],
                max_length=24,
            ),
        ),
    ]
