"""Public keys of client systems: which are good enough, and when they are fetched anew.

Only RSA of 2048 bits or more and the curves P-256 and P-384 are kept, with their public members only. A client that
publishes its keys at an address is asked again when it signs with a key we have not seen, at most once a minute.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from django.db.models import Q

from portal.fhir import http
from portal.fhir.models import ApiClient
from portal.kernel import clock
from portal.kernel.errors import FinalError

ALGORITHMS: Mapping[str, str] = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "ES256": "P-256",
    "ES384": "P-384",
}
_PUBLIC_MEMBERS = ("kty", "kid", "n", "e", "crv", "x", "y", "alg", "use")
_PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_SMALLEST_RSA = 2048
_MOST_KEYS = 20
_MOST_TRIED = 3


class UnfitKeys(FinalError):
    """A key set that no client may be registered with. Codes: `private-key`, `no-usable-key`."""


def usable(jwks: object) -> dict[str, Any]:
    """The keys of a set that may sign here, with their public members only. Raises `UnfitKeys`."""
    found = jwks.get("keys") if isinstance(jwks, dict) else None
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    if any(_PRIVATE_MEMBERS & entry.keys() for entry in entries):
        raise UnfitKeys("private-key")
    public = [{name: entry[name] for name in _PUBLIC_MEMBERS if name in entry} for entry in entries[:_MOST_KEYS]]
    kept = [entry for entry in public if entry.get("use", "sig") == "sig" and kind_of(entry)]
    if not kept:
        raise UnfitKeys("no-usable-key")
    return {"keys": kept}


def kind_of(entry: Mapping[str, Any]) -> str:
    """`RSA`, `P-256` or `P-384`; empty where the key is of no use here."""
    try:
        key = jwt.PyJWK(dict(entry), algorithm="RS256" if entry.get("kty") == "RSA" else None).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return ""
    if isinstance(key, RSAPublicKey):
        return "RSA" if key.key_size >= _SMALLEST_RSA else ""
    if isinstance(key, EllipticCurvePublicKey):
        return {"secp256r1": "P-256", "secp384r1": "P-384"}.get(key.curve.name, "")
    return ""


def candidates(client: ApiClient, kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
    """The client's keys that may have made this signature; asks the client's address for an unseen key."""
    found = _matching(client.jwks, kid, algorithm)
    if not found and client.jwks_url and _claim_refetch(client):
        _refetch(client)
        found = _matching(client.jwks, kid, algorithm)
    return found


def _matching(jwks: Mapping[str, Any], kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
    fitting = [
        entry
        for entry in jwks.get("keys", [])
        if (kid is None or entry.get("kid") == kid)
        and entry.get("alg", algorithm) == algorithm
        and kind_of(entry) == ALGORITHMS[algorithm]
    ]
    return [jwt.PyJWK(entry, algorithm=algorithm) for entry in fitting[:_MOST_TRIED]]


def _claim_refetch(client: ApiClient) -> bool:
    """Whether this request is the one that asks for new keys now."""
    now = clock.real_now()
    return bool(ApiClient.objects.filter(_not_tried_since(now), pk=client.pk).update(jwks_tried_at=now))


def _not_tried_since(now: datetime) -> Q:
    return Q(jwks_tried_at__isnull=True) | Q(jwks_tried_at__lt=now - settings.OAUTH_KEYS_REFETCHED_AFTER)


def _refetch(client: ApiClient) -> None:
    """Take over the keys at the client's address; keep the old ones where that fails."""
    try:
        client.jwks = usable(http.fetch_keys(client.jwks_url))
    except (http.KeysUnavailable, UnfitKeys):
        return
    ApiClient.objects.filter(pk=client.pk).update(jwks=client.jwks)
