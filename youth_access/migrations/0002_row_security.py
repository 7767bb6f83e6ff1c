"""The database itself keeps one patient's access facts from work that is about another.

What the eyes themselves need before a patient is chosen (fullmakt, local blocks, consents) is not guarded here: they
are read through `relations` and `eyes` alone.
"""

from django.db import migrations

from portal.kernel.row_security import of_patient, through


class Migration(migrations.Migration):
    dependencies = [("youth_access", "0001_initial"), ("kernel", "0002_application_role")]

    operations = [
        of_patient("youth_access_referral", "patient_id"),
        through("youth_access_referralassessment", "referral_id", "youth_access_referral"),
        of_patient("youth_access_childwish", "child_id"),
        of_patient("youth_access_breakglass", "patient_id"),
        of_patient("youth_access_accesstask", "patient_id"),
    ]
