"""Who did what and who looked: insert-only, written in the transaction of the deed itself, and linked in a chain."""

from typing import ClassVar

from django.db import models

from portal.kernel.models import AppendOnlyModel


class AuditRow(AppendOnlyModel):
    """One read, change or refusal. Ids and codes only: no name, number or title ever stands here.

    `person_id` is the patient it concerns, `actor_id` who did it. `basis` is what tied the two: self, FO, VE, FU or TD
    (code set 7611), clinician, emergency, clerk, operator. `acp` is the last part of the national access basis' OID,
    `rule` and `table_version` name the row of the decision table, so that the decision can be made again.
    `digest` is the row's fingerprint, made under a key that is not in the database.
    """

    class Result(models.TextChoices):
        """What came of it."""

        SHOWN = "shown"
        DONE = "done"
        REFUSED = "refused"

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    action = models.CharField(max_length=40)
    result = models.CharField(max_length=10, choices=Result, blank=True, db_default="")
    person_id = models.UUIDField(null=True)
    item_kind = models.CharField(max_length=30)
    item_id = models.CharField(max_length=60)
    basis = models.CharField(max_length=60, blank=True)
    acp = models.CharField(max_length=2, blank=True, db_default="")
    rule = models.CharField(max_length=20, blank=True, db_default="")
    table_version = models.CharField(max_length=40, blank=True, db_default="")
    age_band = models.CharField(max_length=10, blank=True, db_default="")
    acr = models.CharField(max_length=50, blank=True, db_default="")
    hpr = models.CharField(max_length=9, blank=True, db_default="")
    organisation = models.CharField(max_length=20, blank=True, db_default="")
    request_id = models.CharField(max_length=40, blank=True, db_default="")
    details = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32, db_default=b"")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index("person_id", models.F("at").desc(), name="audit_person_at")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.item_kind}"


class Unsealed(models.Model):
    """A row that waits for its place in the chain. Filled by a trigger, emptied by the sealing job."""

    row_id = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.row_id)


class AuditSeal(AppendOnlyModel):
    """One link of the chain. `rows` holds id and fingerprint of each row it seals, in the order of the ids.

    `digest` is made over everything here and the digest before it, under a key that is not in the database.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    rows = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.number)


class Verification(AppendOnlyModel):
    """How far a verification had come when it paused or ended, and what it found since its row before this one.

    The rows of one verification share `began_at`. `seal_number` and `seal_digest` are the last seal gone through,
    `row_id` the last row; `findings` holds faults with ids and no content. All instants are the machine's real time.
    `digest` is made under a key that is not in the database.
    """

    class Stage(models.TextChoices):
        """What the verification is at."""

        SEALS = "seals"
        ROWS = "rows"
        DONE = "done"

    whole = models.BooleanField()
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    stage = models.CharField(max_length=5, choices=Stage)
    seal_number = models.BigIntegerField()
    seal_digest = models.BinaryField(max_length=32)
    row_id = models.BigIntegerField()
    seals = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    findings = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.stage} {self.seal_number}"
