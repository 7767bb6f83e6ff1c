from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_home_index")]

    operations = [
        migrations.AddField(
            model_name="guardianship",
            name="for_lone_child",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
