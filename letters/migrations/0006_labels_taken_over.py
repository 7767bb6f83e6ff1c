"""What letters were labelled with before is taken over."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("letters", "0005_access_labels")]

    operations = [
        migrations.RunSQL(
            "UPDATE letters_letter SET security_codes = ARRAY[security_code]"
            " WHERE security_code <> 'N' AND security_codes = '{}'",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE letters_notice VALIDATE CONSTRAINT letters_notice_to_person_fk", migrations.RunSQL.noop
        ),
    ]
