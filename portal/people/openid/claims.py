"""Decides whether an identity token is to be believed. Nothing is stored before it has said yes.

Signature, issuer, audience, nonce, times and level are all checked here (OpenID Connect Core 3.1.3.7, the providers'
own demand that the client checks the level, ASVS 6.8.4). The level asked for can be lowered by whoever holds the
browser, so only the level in the signed token counts. `amr` is never relied on.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from portal.kernel.errors import FinalError

ALGORITHMS: Final = ("RS256",)
LEEWAY: Final = timedelta(seconds=20)
LONGEST_TOKEN: Final = 20_000
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce", "auth_time")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")
_CODES: Final[tuple[tuple[type[jwt.PyJWTError], str], ...]] = (
    (jwt.InvalidSignatureError, "signature"),
    (jwt.InvalidAlgorithmError, "algorithm"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "not_yet_valid"),
    (jwt.MissingRequiredClaimError, "missing_claim"),
)


class TokenRefused(FinalError):
    """The token proves nothing. Carries a code, never a claim."""


class LevelTooLow(TokenRefused):
    """The person is who they say, but signed in at a lower level than health information demands."""


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """What a provider calls the claims that not all providers call the same; empty for what it does not tell."""

    level: str = "acr"
    pid: str = "pid"
    hpr_number: str = ""
    organisation: str = ""


USUAL_NAMES: Final = ClaimNames()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to belong to this sign-in. `oldest` is the highest age of the sign-in itself."""

    issuer: str
    client_id: str
    nonce: str
    level: str
    oldest: timedelta
    names: ClaimNames = USUAL_NAMES


@dataclass(frozen=True, slots=True)
class Identity:
    """What a believed token says. Numbers stay out of `repr`. The last two are HelseID's, empty from ID-porten."""

    pid: str = field(repr=False)
    subject: str = field(repr=False)
    sid: str
    level: str
    authenticated_at: datetime
    hpr_number: str = field(default="", repr=False)
    organisation: str = ""


def believe(
    token: str, *, key_named: Callable[[str], RSAPublicKey | None], expected: Expected, now: datetime
) -> Identity:
    """Read a token and believe it, or raise `TokenRefused` (`LevelTooLow` for a level below the one demanded)."""
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("too_long")
    claims = _verified(token, key_named, expected)
    if not _same(claims["nonce"], expected.nonce):
        raise TokenRefused("nonce")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise TokenRefused("audience")
    if claims["aud"] not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("audience")
    names = expected.names
    if claims[names.level] != expected.level:
        raise LevelTooLow("level")
    return Identity(
        pid=_pid(claims, names.pid),
        subject=str(claims["sub"]),
        sid=claims["sid"] if isinstance(claims.get("sid"), str) else "",
        level=expected.level,
        authenticated_at=_authenticated_at(claims["auth_time"], expected.oldest, now),
        hpr_number=_digits(claims, names.hpr_number),
        organisation=_digits(claims, names.organisation),
    )


def _verified(token: str, key_named: Callable[[str], RSAPublicKey | None], expected: Expected) -> Mapping[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise TokenRefused("not_a_token") from None
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused("algorithm")
    key = key_named(str(header.get("kid", "")))
    if key is None:
        raise TokenRefused("unknown_key")
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=expected.client_id,
            issuer=expected.issuer,
            leeway=LEEWAY,
            options={"require": [*_REQUIRED, expected.names.level]},
        )
    except jwt.PyJWTError as refused:
        raise TokenRefused(_code(refused)) from None
    return claims


def _code(refused: jwt.PyJWTError) -> str:
    return next((code for kind, code in _CODES if isinstance(refused, kind)), "not_a_token")


def _same(claim: object, wanted: str) -> bool:
    return isinstance(claim, str) and bool(wanted) and hmac.compare_digest(claim.encode(), wanted.encode())


def _digits(claims: Mapping[str, Any], name: str) -> str:
    """A register's number, or nothing where the claim is missing or something else."""
    claim = claims.get(name) if name else None
    return claim if isinstance(claim, str) and _DIGITS.fullmatch(claim) else ""


def _pid(claims: Mapping[str, Any], name: str) -> str:
    """The identity number; foreigners signed in through eIDAS may come without one."""
    pid = claims.get(name)
    if not isinstance(pid, str) or not pid:
        raise TokenRefused("no_pid")
    return pid


def _authenticated_at(claim: object, oldest: timedelta, now: datetime) -> datetime:
    """When the person proved who they are; a sign-in older than the provider's longest session is not one."""
    if isinstance(claim, bool) or not isinstance(claim, int) or not 0 < claim < 2**40:
        raise TokenRefused("auth_time")
    at = datetime.fromtimestamp(claim, UTC)
    if at > now + LEEWAY or at < now - oldest - LEEWAY:
        raise TokenRefused("auth_time")
    return at
