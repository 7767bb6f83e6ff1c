"""Which tokens are believed: one right one, and every way of being wrong."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from portal.people.openid.claims import Expected, Identity, LevelTooLow, TokenRefused, believe

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EXPECTED = Expected(
    issuer="https://id.example", client_id="us", nonce="n" * 20, level="idporten-loa-high", oldest=timedelta(hours=2)
)
NOW = datetime.now(UTC).replace(microsecond=0)
PID = "01818012345"


def claims(**changes: Any) -> dict[str, Any]:
    """A right set of claims with some changed; None takes one away."""
    seconds = int(NOW.timestamp())
    right = {
        "iss": EXPECTED.issuer,
        "aud": EXPECTED.client_id,
        "sub": "someone",
        "exp": seconds + 86_400,
        "iat": seconds,
        "nonce": EXPECTED.nonce,
        "acr": EXPECTED.level,
        "auth_time": seconds - 60,
        "sid": "session",
        "pid": PID,
    }
    return {name: value for name, value in (right | changes).items() if value is not None}


def token(*, key: Any = KEY, algorithm: str = "RS256", kid: str = "1", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid})


def read(text: str) -> Identity:
    return believe(text, key_named={"1": KEY.public_key()}.get, expected=EXPECTED, now=NOW)


def test_a_right_token_is_believed_and_shows_no_number() -> None:
    identity = read(token())
    assert identity.pid == PID
    assert identity.sid == "session"
    assert identity.authenticated_at == NOW - timedelta(seconds=60)
    assert PID not in repr(identity)


def test_a_sign_in_at_the_far_end_of_the_longest_session_counts() -> None:
    assert read(token(auth_time=int((NOW - timedelta(minutes=119)).timestamp())))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": "https://id.example/"}, "issuer"),
        ({"aud": "them"}, "audience"),
        ({"aud": ["us", "them"]}, "audience"),
        ({"azp": "them"}, "audience"),
        ({"nonce": "m" * 20}, "nonce"),
        ({"nonce": 7}, "nonce"),
        ({"exp": 1}, "expired"),
        ({"iat": int(NOW.timestamp()) + 86_400}, "not_yet_valid"),
        ({"nbf": int(NOW.timestamp()) + 86_400}, "not_yet_valid"),
        ({"acr": "idporten-loa-substantial"}, "level"),
        ({"acr": "Level4"}, "level"),
        ({"acr": ["idporten-loa-high"]}, "level"),
        ({"auth_time": int((NOW - timedelta(hours=3)).timestamp())}, "auth_time"),
        ({"auth_time": int((NOW + timedelta(minutes=5)).timestamp())}, "auth_time"),
        ({"auth_time": "now"}, "auth_time"),
        ({"auth_time": True}, "auth_time"),
        ({"auth_time": 2**80}, "auth_time"),
        ({"pid": None}, "no_pid"),
        ({"pid": 1}, "no_pid"),
        *(({name: None}, "missing_claim") for name in ("iss", "aud", "sub", "exp", "iat", "nonce", "acr", "auth_time")),
    ],
)
def test_one_wrong_claim_is_enough(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TokenRefused) as refused:
        read(token(**changes))
    assert refused.value.code == code
    assert isinstance(refused.value, LevelTooLow) is (code == "level")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (token(key=OTHER_KEY), "signature"),
        (token(key="", algorithm="none"), "algorithm"),
        (token(key="s" * 32, algorithm="HS256"), "algorithm"),
        (token(algorithm="RS512"), "algorithm"),
        (token(kid="2"), "unknown_key"),
        (token()[:-6] + "AAAAAA", "signature"),
        ("a.b.c", "not_a_token"),
        ("", "not_a_token"),
        ("x" * 30_000, "too_long"),
    ],
)
def test_one_wrong_signature_is_enough(text: str, code: str) -> None:
    with pytest.raises(TokenRefused, match=f"^{code}$"):
        read(text)


@given(st.text() | st.binary().map(lambda some: some.decode("latin-1")))
def test_any_text_is_refused_quietly(text: str) -> None:
    with pytest.raises(TokenRefused):
        read(text)


@given(st.sampled_from(sorted(claims())), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
def test_no_claim_of_any_kind_breaks_the_reading(name: str, value: Any) -> None:
    """Either it is refused, or it was a claim whose value does not matter."""
    payload = claims() | {name: value}
    text = jwt.api_jws.encode(json.dumps(payload).encode(), KEY, algorithm="RS256", headers={"kid": "1"})
    try:
        identity = read(text)
    except TokenRefused:
        return
    assert identity.level == EXPECTED.level
