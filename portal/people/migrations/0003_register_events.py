import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_family")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="register_asked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="parentalresponsibility",
            name="held_by",
            field=models.CharField(
                choices=[
                    ("person", "En person"),
                    ("organisation", "En organisasjon"),
                    ("without_number", "En person uten norsk nummer"),
                    ("nobody", "Ingen oppgitt"),
                ],
                db_default="person",
                default="person",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="FormerNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pid_index", models.CharField(editable=False, max_length=64, unique=True)),
                ("pid_sealed", models.BinaryField()),
                ("changed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="former_numbers", to="people.person"
                    ),
                ),
            ],
            options={"verbose_name": "tidligere nummer", "verbose_name_plural": "tidligere nummer"},
        ),
        migrations.CreateModel(
            name="RegisterFeed",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("sequence", models.BigIntegerField(default=0)),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "hendelsesliste",
                "verbose_name_plural": "hendelseslister",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="people_registerfeed_one_row")
                ],
            },
        ),
    ]
