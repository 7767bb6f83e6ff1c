"""Hands out access tokens and finds them again; the token itself is never stored, only its SHA-256."""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from portal.fhir.models import AccessToken, ApiClient, UsedAssertion
from portal.kernel import clock

_TOKEN_BYTES = 32
_LONGEST_TOKEN = 200
_SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Sender:
    """The system behind a request: who it is and what its token allows."""

    client_id: str
    scopes: tuple[str, ...]
    is_authenticated: bool = True


def issue(*, client: ApiClient, scopes: tuple[str, ...]) -> str:
    """A fresh token for the client. The caller's transaction also holds the spent assertion."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = clock.real_now()
    AccessToken.objects.create(
        sha256=_sha256(token),
        client=client,
        scopes=list(scopes),
        issued_at=now,
        expires_at=now + settings.OAUTH_TOKEN_LIFETIME,
    )
    return token


def find(token: str) -> Sender | None:
    """Whose token this is; None where it is unknown, has expired, or its client has been shut out."""
    if len(token) > _LONGEST_TOKEN:
        return None
    row = (
        AccessToken.objects.filter(sha256=_sha256(token), expires_at__gt=clock.real_now(), client__active=True)
        .values_list("client__client_id", "scopes")
        .first()
    )
    return None if row is None else Sender(client_id=row[0], scopes=tuple(row[1]))


@transaction.atomic
def sweep() -> None:
    """Delete what has expired, a few rows at a time, without waiting for anybody who does the same."""
    now = clock.real_now()
    for model in (AccessToken, UsedAssertion):
        expired = model.objects.filter(expires_at__lt=now).select_for_update(skip_locked=True)
        model.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:_SWEPT_AT_ONCE])).delete()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
