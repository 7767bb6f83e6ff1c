"""Signatures on calls between the portal and its providers, both ways.

`X-Signature` is `sha256=` and the hex HMAC-SHA-256, under the shared secret, of the timestamp, a full stop and the
raw body. `X-Timestamp` is whole seconds since 1970 on the machine's real clock: a signature's lifetime is a security
lifetime, so it must not jump with the demo's clock.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from portal.kernel import clock

TIMESTAMP_HEADER = "X-Timestamp"
SIGNATURE_HEADER = "X-Signature"
TOLERANCE = timedelta(minutes=5)


class BadSignature(Exception):
    """The caller cannot show that it knows the secret, or the call is too old to be believed."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Signature` for a body sent at a timestamp."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def signed_headers(secret: str, body: bytes) -> dict[str, str]:
    """The two headers for a body sent now."""
    timestamp = str(int(clock.real_now().timestamp()))
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(secret, timestamp, body)}


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise `BadSignature` unless the headers sign this body within five minutes of now.

    A repeat within the five minutes passes: whoever receives events tells them apart by their event id.
    """
    if not secret:
        raise BadSignature("no secret is configured")
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("timestamp is missing or is not a number of seconds")
    expected = sign(secret, timestamp, body).encode()
    given = headers.get(SIGNATURE_HEADER, "").encode("utf-8", "replace")
    if not hmac.compare_digest(expected, given):
        raise BadSignature("signature does not fit")
    age = clock.real_now() - datetime.fromtimestamp(int(timestamp), UTC)
    if abs(age) > TOLERANCE:
        raise BadSignature("timestamp is too old or lies ahead")
