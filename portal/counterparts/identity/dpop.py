"""Proof of possession (DPoP, RFC 9449): what HelseID gives us is of use to nobody who does not hold our key.

The key is derived from SECRET_KEY, because the process that changes a code need not be the one that pushed the request
the code came from. It is another key than the one the portal proves itself with, and is registered nowhere.
"""

import hashlib
import threading
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import jwt
from django.conf import settings
from jwt.utils import base64url_encode

from portal.counterparts.identity.client_key import ClientKey, derived_key
from portal.kernel import clock

HEADER: Final = "DPoP"
NONCE_HEADER: Final = "DPoP-Nonce"
TYPE: Final = "dpop+jwt"
WANTS_NONCE: Final = "use_dpop_nonce"
_LABEL: Final = b"dpop proof key"
_CHALLENGES: Final = frozenset({400, 401})


class Prover:
    """Makes the proofs for one provider, with the nonce it gave last. Safe to share between threads."""

    def __init__(self) -> None:
        self._nonces: dict[str, str] = {}
        self._lock = threading.Lock()

    def headers(self, method: str, address: str, *, access_token: str = "") -> dict[str, str]:
        """The header that proves one call; with a token, also that the token is ours."""
        with self._lock:
            nonce = self._nonces.get(_origin(address), "")
        return {HEADER: proof(method=method, address=address, nonce=nonce, access_token=access_token)}

    def is_asked_again(self, address: str, response: httpx.Response) -> bool:
        """Whether the provider wants the same call once more, with the nonce it has just given; the nonce is kept."""
        nonce = response.headers.get(NONCE_HEADER, "")
        if nonce:
            with self._lock:
                self._nonces[_origin(address)] = nonce
        return bool(nonce) and response.status_code in _CHALLENGES and _wants_nonce(response)


def proof(*, method: str, address: str, nonce: str = "", access_token: str = "", key: ClientKey | None = None) -> str:
    """One proof, for one call: signed with the key whose public half it holds."""
    key = key or proof_key()
    claims: dict[str, Any] = {
        "jti": str(uuid4()),
        "htm": method,
        "htu": urlunsplit(urlsplit(address)._replace(query="", fragment="")),
        "iat": clock.real_now(),
    }
    if nonce:
        claims["nonce"] = nonce
    if access_token:
        claims["ath"] = token_hash(access_token)
    public = {name: value for name, value in key.public_jwk.items() if name in ("kty", "crv", "x", "y", "e", "n")}
    return jwt.encode(claims, key.private, algorithm=key.algorithm, headers={"typ": TYPE, "jwk": public})


def token_hash(access_token: str) -> str:
    """What a proof says of the access token it is sent with."""
    return base64url_encode(hashlib.sha256(access_token.encode()).digest()).decode()


def proof_key() -> ClientKey:
    """The key of this portal's proofs; the same in every process."""
    return _key(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _key(secret: str) -> ClientKey:
    return derived_key(secret, _LABEL)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _wants_nonce(response: httpx.Response) -> bool:
    """In the answer itself where tokens are given, in a header where they are used."""
    if WANTS_NONCE in response.headers.get("WWW-Authenticate", ""):
        return True
    try:
        told = response.json()
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("error") == WANTS_NONCE
