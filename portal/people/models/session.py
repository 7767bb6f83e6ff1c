"""Signed-in sessions."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.people.models.person import Person


class SignInSession(models.Model):
    """One signed-in session, so that it can be ended from outside and cannot outlive its limits.

    All instants here are the machine's real time: a demo that moves its clock must not throw people out.
    `session_hash` is SHA-256 of the browser session's key; the key itself is not stored here.
    `hpr_number` and `organisation` are what HelseID vouches for in a clinician's session; empty for everyone else.
    `sid` and `issuer` are the identity provider's names for its own session (front-channel logout).
    """

    class Ending(models.TextChoices):
        """Why a session ended."""

        SIGNED_OUT = "signed_out", _("Logget ut")
        PROVIDER = "provider", _("Logget ut hos ID-porten")
        IDLE = "idle", _("For lenge uten aktivitet")
        ABSOLUTE = "absolute", _("Lengste varighet nådd")
        REPLACED = "replaced", _("Logget inn på nytt")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_hash = models.CharField(max_length=64, unique=True, editable=False)
    issuer = models.TextField()
    sid = models.TextField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_in_sessions")
    assurance = models.CharField(max_length=50)
    hpr_number = models.CharField(max_length=9, blank=True, db_default="")
    organisation = models.CharField(max_length=9, blank=True, db_default="")
    authenticated_at = models.DateTimeField()
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True)

    class Meta:
        verbose_name = _("innlogget økt")
        verbose_name_plural = _("innloggede økter")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                name="people_session_open_by_sid", fields=["issuer", "sid"], condition=Q(ended_at__isnull=True)
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="people_session_ended_for_a_reason",
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
