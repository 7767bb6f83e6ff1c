"""ID-porten and HelseID over HTTP. Forms and redirects rather than JSON, so it does not use the common signed client.

The provider's description and keys are kept for ten minutes in this process; a key name never seen before makes it ask
again, but not more often than every ten seconds. Errors carry codes only.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.conf import settings
from jwt.algorithms import RSAAlgorithm

from portal.counterparts.client import trusted
from portal.counterparts.errors import CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.identity import IdentityProvider, Tokens
from portal.counterparts.identity.client_key import client_assertion
from portal.counterparts.identity.dpop import Prover
from portal.kernel import clock

TIMEOUT: Final = httpx.Timeout(5.0, connect=2.0)
KEPT_FOR: Final = timedelta(minutes=10)
ASK_AGAIN_AFTER: Final = timedelta(seconds=10)
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ENDPOINTS: Final = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "pushed_authorization_request_endpoint",
    "end_session_endpoint",
)


@dataclass
class _Kept:
    """An answer and when it was fetched."""

    value: dict[str, Any] = field(default_factory=dict)
    fetched_at: datetime | None = None

    def older_than(self, age: timedelta) -> bool:
        return self.fetched_at is None or clock.real_now() - self.fetched_at > age


class HttpIdentityProvider:
    """Speaks with the provider at one issuer, as one client. Safe to share between threads.

    `bound`: what the provider gives is to be bound to our key (DPoP), and is refused where it is not.
    """

    def __init__(self, *, issuer: str, client_id: str, bound: bool = False) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._prover = Prover() if bound else None
        self._description = _Kept()
        self._keys = _Kept()
        self._lock = threading.Lock()

    def push(self, request: Mapping[str, str]) -> str:
        """See `IdentityProvider.push`."""
        answer = self._post("pushed_authorization_request_endpoint", request, in_doubt=CounterpartDown)
        pushed = {"client_id": self._client_id, "request_uri": _text(answer, "request_uri", CounterpartDown)}
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(pushed)}"

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """See `IdentityProvider.exchange`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        }
        answer = self._post("token_endpoint", form, in_doubt=UnknownOutcome)
        if self._prover and str(answer.get("token_type", "")).casefold() != "dpop":
            raise Refused("token_not_bound")
        return Tokens(_text(answer, "id_token", UnknownOutcome), _text(answer, "access_token", UnknownOutcome))

    def user_info(self, access_token: str) -> Mapping[str, Any]:
        """See `IdentityProvider.user_info`."""
        address = self.describe().get("userinfo_endpoint")
        if not isinstance(address, str):
            raise CounterpartDown("unreadable_answer")
        if self._prover is None:
            return _told(_answer_to(address, {"Authorization": f"Bearer {access_token}"}))
        return self._bound_user_info(self._prover, address, access_token)

    def _bound_user_info(self, prover: Prover, address: str, access_token: str) -> Mapping[str, Any]:
        def ask() -> httpx.Response:
            proof = prover.headers("GET", address, access_token=access_token)
            return _answer_to(address, {"Authorization": f"DPoP {access_token}", **proof})

        response = ask()
        return _told(ask() if prover.is_asked_again(address, response) else response)

    def verification_key(self, key_id: str) -> RSAPublicKey | None:
        """See `IdentityProvider.verification_key`."""
        with self._lock:
            if self._keys.older_than(KEPT_FOR):
                self._keys = self._fetch_keys()
            if key_id not in self._keys.value and self._keys.older_than(ASK_AGAIN_AFTER):
                self._keys = self._fetch_keys()
            key: RSAPublicKey | None = self._keys.value.get(key_id)
        return key

    def sign_out_address(self, *, return_to: str) -> str:
        """See `IdentityProvider.sign_out_address`."""
        words = urlencode({"client_id": self._client_id, "post_logout_redirect_uri": return_to})
        return f"{self._endpoint('end_session_endpoint')}?{words}"

    def describe(self) -> Mapping[str, Any]:
        """The provider's own description, checked to be about this issuer. Raises `CounterpartDown`."""
        with self._lock:
            if self._description.older_than(KEPT_FOR):
                self._description = _Kept(self._fetch_description(), clock.real_now())
            return self._description.value

    def _endpoint(self, name: str) -> str:
        return str(self.describe()[name])

    def _fetch_description(self) -> dict[str, Any]:
        found = _get(f"{self._issuer}/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise CounterpartDown("another_issuer")
        if not all(isinstance(found.get(name), str) for name in _ENDPOINTS):
            raise CounterpartDown("unreadable_answer")
        return found

    def _fetch_keys(self) -> _Kept:
        if self._description.older_than(KEPT_FOR):
            self._description = _Kept(self._fetch_description(), clock.real_now())
        found = _get(str(self._description.value["jwks_uri"])).get("keys")
        if not isinstance(found, list):
            raise CounterpartDown("unreadable_answer")
        return _Kept(dict(filter(None, map(_public_key, found))), clock.real_now())

    def _post(
        self, endpoint: str, form: Mapping[str, str], *, in_doubt: type[CounterpartDown] | type[UnknownOutcome]
    ) -> dict[str, Any]:
        address = self._endpoint(endpoint)
        response = self._send(address, form, in_doubt)
        if self._prover and self._prover.is_asked_again(address, response):
            response = self._send(address, form, in_doubt)
        if 400 <= response.status_code < 500:
            raise Refused(f"http_{response.status_code}")
        if not response.is_success:
            raise in_doubt(f"http_{response.status_code}")
        return _document(response, in_doubt)

    def _send(
        self, address: str, form: Mapping[str, str], in_doubt: type[CounterpartDown] | type[UnknownOutcome]
    ) -> httpx.Response:
        """One call with proofs of its own: neither the assertion nor the proof of possession is good twice."""
        proof = {
            "client_id": self._client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": client_assertion(issuer=self._issuer, client_id=self._client_id),
        }
        headers = self._prover.headers("POST", address) if self._prover else None
        try:
            return httpx.post(
                address, data={**form, **proof}, headers=headers, timeout=TIMEOUT, trust_env=False, verify=trusted()
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise CounterpartDown("no_connection") from None
        except httpx.HTTPError:
            raise in_doubt("no_answer") from None


def connect() -> IdentityProvider:
    """ID-porten, where the settings point; one object per process, so that its keys are kept."""
    return provider_at(settings.IDENTITY_ISSUER, settings.IDPORTEN_CLIENT_ID)


def connect_staff() -> IdentityProvider:
    """HelseID, in the same way; what it gives is bound to our key."""
    return provider_at(settings.HELSEID_ISSUER, settings.HELSEID_CLIENT_ID, bound=True)


@lru_cache(maxsize=8)
def provider_at(issuer: str, client_id: str, *, bound: bool = False) -> HttpIdentityProvider:
    """The shared object for one issuer and client."""
    return HttpIdentityProvider(issuer=issuer, client_id=client_id, bound=bound)


def _get(address: str) -> dict[str, Any]:
    response = _answer_to(address, {})
    if not response.is_success:
        raise CounterpartDown(f"http_{response.status_code}")
    return _document(response, CounterpartDown)


def _answer_to(address: str, headers: Mapping[str, str]) -> httpx.Response:
    try:
        return httpx.get(address, headers=headers, timeout=TIMEOUT, trust_env=False, verify=trusted())
    except httpx.HTTPError:
        raise CounterpartDown("no_answer") from None


def _told(response: httpx.Response) -> dict[str, Any]:
    """What an access token opened."""
    if 400 <= response.status_code < 500:
        raise Refused(f"http_{response.status_code}")
    if not response.is_success:
        raise CounterpartDown(f"http_{response.status_code}")
    return _document(response, CounterpartDown)


def _document(response: httpx.Response, in_doubt: type[CounterpartDown] | type[UnknownOutcome]) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        raise in_doubt("unreadable_answer") from None
    if not isinstance(found, dict):
        raise in_doubt("unreadable_answer")
    return found


def _text(answer: Mapping[str, Any], name: str, in_doubt: type[CounterpartDown] | type[UnknownOutcome]) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise in_doubt("unreadable_answer")
    return value


def _public_key(jwk: dict[str, Any]) -> tuple[str, RSAPublicKey] | None:
    """A key usable for RS256 with its name; anything else in the set is passed over."""
    try:
        if jwk["kty"] != "RSA" or jwk.get("use", "sig") != "sig":
            return None
        key = RSAAlgorithm.from_jwk(jwk)
        name = str(jwk["kid"])
    except (KeyError, TypeError, AttributeError, ValueError, jwt.InvalidKeyError):
        return None
    return (name, key) if isinstance(key, RSAPublicKey) else None
