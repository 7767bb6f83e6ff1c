from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("people", "0003_register_events")]

    operations = [
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(
                condition=models.Q(("home_index", ""), _negated=True),
                fields=["home_index"],
                name="people_person_by_home",
            ),
        ),
    ]
