"""What the back office adds: care teams, ended referrals, answers and notes. It follows 0002."""

import uuid

from django.db import migrations, models
from django.db.models import Q

from portal.kernel.row_security import of_patient


class Migration(migrations.Migration):
    dependencies = [("youth_access", "0002_row_security")]

    operations = [
        migrations.AddField("referral", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("childwish", "answer", models.TextField(blank=True, db_default="")),
        migrations.AddField("accesstask", "note", models.TextField(blank=True, db_default="")),
        migrations.AddField("fullmakt", "note", models.TextField(blank=True, db_default="")),
        migrations.CreateModel(
            "CareTeamMember",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("hpr_number", models.CharField(max_length=9)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("patient", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="people.person")),
                (
                    "referral",
                    models.ForeignKey(on_delete=models.PROTECT, related_name="team", to="youth_access.referral"),
                ),
                ("unit", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="people.unit")),
            ],
            options={
                "indexes": [
                    models.Index("hpr_number", "patient", name="care_team_hpr"),
                    models.Index("patient", name="care_team_patient"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["referral", "unit", "hpr_number"],
                        condition=Q(ends_at__isnull=True),
                        name="care_team_member_once",
                    )
                ],
            },
        ),
        of_patient("youth_access_careteammember", "patient_id"),
    ]
