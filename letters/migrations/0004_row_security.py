"""The database itself keeps one patient's letters from work that is about another."""

from django.db import migrations

from portal.kernel.row_security import of_patient, through


class Migration(migrations.Migration):
    dependencies = [("letters", "0003_letter_types"), ("kernel", "0002_application_role")]

    operations = [
        of_patient("letters_letter", "person_id"),
        through("letters_lettersource", "letter_id", "letters_letter"),
        through("letters_document", "letter_id", "letters_letter"),
        through("letters_letterevent", "letter_id", "letters_letter"),
        through("letters_channeldecision", "letter_id", "letters_letter"),
        through("letters_posting", "letter_id", "letters_letter"),
        through("letters_printreceipt", "posting_id", "letters_posting"),
        through("letters_notice", "letter_id", "letters_letter"),
        through("letters_clerktask", "letter_id", "letters_letter"),
    ]
