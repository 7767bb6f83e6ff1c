"""Client systems, the tokens they hold, and the assertions they have spent.

Lifetimes run on the machine's real time (`clock.real_now()`): moving the demo's clock must not revive a token.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiClient(models.Model):
    """A system that may call /fhir/; its public keys, and the most it may ever be granted."""

    client_id = models.CharField(_("klient-id"), max_length=200, unique=True)
    name = models.CharField(_("navn"), max_length=200)
    jwks = models.JSONField(_("offentlige nøkler"), default=dict, blank=True)
    jwks_url = models.URLField(_("adresse til nøkler"), max_length=500, blank=True)
    jwks_tried_at = models.DateTimeField(_("nøkler sist forsøkt hentet"), null=True, blank=True)
    scopes = models.JSONField(_("rettigheter"), default=list)
    active = models.BooleanField(_("aktiv"), default=True)

    class Meta:
        """Shown by name."""

        verbose_name = _("fagsystem")
        verbose_name_plural = _("fagsystemer")
        ordering: ClassVar[list[str]] = ["client_id"]

    def __str__(self) -> str:
        """Name the client as it names itself."""
        return self.client_id


class AccessToken(models.Model):
    """A token that was handed out; only its SHA-256 is kept."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Never listed; found by its hash."""

        verbose_name = _("tilgangsbevis")
        verbose_name_plural = _("tilgangsbevis")

    def __str__(self) -> str:
        """Say whose it is, never what it is."""
        return f"token of client {self.client_id}"


class UsedAssertion(models.Model):
    """A signed assertion that bought a token once; the row refuses it a second time until it has expired by itself."""

    jti_sha256 = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Never listed; found by its hash."""

        verbose_name = _("brukt påstand")
        verbose_name_plural = _("brukte påstander")

    def __str__(self) -> str:
        """Name nothing that could be replayed."""
        return "used assertion"
