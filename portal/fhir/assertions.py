"""Checks the signed assertion by which a client system proves who it is.

Rules of SMART Backend Services (hl7.org/fhir/smart-app-launch, "Client authentication: asymmetric") and RFC 7523:
asymmetric algorithms only, `iss` and `sub` are the client id, `aud` is this portal's token address, at most five
minutes to live, and each `jti` is worth one token.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

import jwt
from django.conf import settings

from portal.fhir import keys
from portal.fhir.models import ApiClient, UsedAssertion
from portal.kernel import clock
from portal.kernel.errors import FinalError

_LONGEST_ASSERTION = 10_000
_LONGEST_JTI = 255
_TYPES = {"jwt", "client-authentication+jwt"}
_REQUIRED = ["iss", "sub", "aud", "exp", "jti"]
_UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, AttributeError, RecursionError)


class AssertionRefused(FinalError):
    """The assertion buys nothing. `detail` is for the client's developer: ASCII, and nothing of what was sent."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A checked assertion, not yet spent."""

    client: ApiClient
    jti: str
    expires_at: datetime


def token_address() -> str:
    """Where tokens are fetched: the only `aud` an assertion may carry."""
    return f"{settings.PORTAL_URL.rstrip('/')}/oauth/token"


def check(text: str) -> Assertion:
    """Read and verify. Raises `AssertionRefused`, in the same words for an unknown client and a wrong signature."""
    if len(text) > _LONGEST_ASSERTION:
        _refuse("too long")
    algorithm, kid = _read_header(text)
    client_id = _claimed_client(text)
    client = ApiClient.objects.filter(client_id=client_id, active=True).first()
    fitting = [] if client is None else keys.candidates(client, kid, algorithm)
    claims = next((claims for key in fitting if (claims := _verified(text, key, algorithm)) is not None), None)
    if client is None or claims is None:
        _refuse("unknown client, unknown key or wrong signature")
    return Assertion(client, _jti(claims), _lifetime(claims))


def spend(assertion: Assertion) -> bool:
    """Note that the assertion is used; False where it was used before. Belongs in the transaction of the token."""
    name = f"{assertion.client.client_id}\n{assertion.jti}".encode("utf-8", "replace")
    _, fresh = UsedAssertion.objects.get_or_create(
        jti_sha256=hashlib.sha256(name).hexdigest(),
        defaults={"expires_at": assertion.expires_at + 2 * settings.OAUTH_CLOCK_SKEW},
    )
    return fresh


def claimed_client(text: str) -> str:
    """Whose assertion this claims to be, unverified, for counting calls; empty where unreadable."""
    try:
        return _claimed_client(text) if len(text) <= _LONGEST_ASSERTION else ""
    except AssertionRefused:
        return ""


def _refuse(why: str) -> NoReturn:
    raise AssertionRefused("invalid_client", f"client_assertion: {why}") from None


def _read_header(text: str) -> tuple[str, str | None]:
    try:
        header = jwt.get_unverified_header(text)
    except _UNREADABLE:
        _refuse("not a JWT")
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in keys.ALGORITHMS:
        _refuse(f"alg must be one of {', '.join(keys.ALGORITHMS)}")
    if "crit" in header or str(header.get("typ", "jwt")).lower() not in _TYPES:
        _refuse("header has a crit or typ that is not understood")
    if kid is not None and not isinstance(kid, str):
        _refuse("kid must be a string")
    return algorithm, kid


def _claimed_client(text: str) -> str:
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
    except _UNREADABLE:
        _refuse("not a JWT")
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not issuer or "\0" in issuer or issuer != claims.get("sub"):
        _refuse("iss and sub must both be the client id")
    return issuer


def _verified(text: str, key: jwt.PyJWK, algorithm: str) -> dict[str, Any] | None:
    """The claims; None where another key must have signed. Raises `AssertionRefused` for a claim that is wrong."""
    try:
        claims: dict[str, Any] = jwt.decode(
            text,
            key,
            algorithms=[algorithm],
            audience=token_address(),
            leeway=settings.OAUTH_CLOCK_SKEW,
            options={"require": _REQUIRED},
        )
    except jwt.InvalidSignatureError:
        return None
    except jwt.ExpiredSignatureError:
        _refuse("expired")
    except jwt.InvalidAudienceError:
        _refuse(f"aud must be {token_address()}")
    except jwt.MissingRequiredClaimError:
        _refuse(f"needs {', '.join(_REQUIRED)}")
    except _UNREADABLE:
        _refuse("has a claim that cannot be read or is not valid yet")
    return claims


def _jti(claims: dict[str, Any]) -> str:
    jti = claims["jti"]
    if not isinstance(jti, str) or not 1 <= len(jti) <= _LONGEST_JTI:
        _refuse("jti must be a string of 1 to 255 characters")
    return jti


def _lifetime(claims: dict[str, Any]) -> datetime:
    try:
        expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (*_UNREADABLE, OSError):
        _refuse("exp cannot be read")
    if expires_at > clock.real_now() + settings.OAUTH_ASSERTION_LIFETIME + settings.OAUTH_CLOCK_SKEW:
        _refuse("exp is more than five minutes ahead")
    return expires_at
