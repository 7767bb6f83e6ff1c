"""The key pair with which the portal proves itself to ID-porten and HelseID (private_key_jwt).

One pair for both: each assertion names the one it is meant for, so neither can use it with the other. Production names
its own RSA key in IDPORTEN_CLIENT_KEY; ID-porten wants it renewed within a year. Outside production
an empty value means an elliptic key derived from SECRET_KEY, so that every process of a demo holds the same one.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode

from portal.kernel import clock

ASSERTION_LIFETIME: Final = timedelta(seconds=60)
_THUMBPRINT_MEMBERS: Final = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class ClientKey:
    """A private key, its algorithm, and its name: the RFC 7638 thumbprint of the public half."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    algorithm: str
    public_jwk: dict[str, Any]

    @property
    def key_id(self) -> str:
        """The name under which the public half is published."""
        return str(self.public_jwk["kid"])


def client_key() -> ClientKey:
    """The portal's key pair from the settings."""
    return _key(settings.IDPORTEN_CLIENT_KEY, settings.SECRET_KEY, settings.PORTAL_ENV)


def client_assertion(*, issuer: str, client_id: str) -> str:
    """A signed statement, good for one minute and one use, that the caller is this client."""
    now = clock.real_now()
    key = client_key()
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, key.private, algorithm=key.algorithm, headers={"kid": key.key_id})


@lru_cache(maxsize=4)
def _key(pem: str, secret: str, env: str) -> ClientKey:
    if not pem and env == "production":
        raise ImproperlyConfigured("IDPORTEN_CLIENT_KEY must hold the portal's private key")
    if not pem:
        return derived_key(secret, b"idporten client key")
    private = _from_pem(pem)
    return ClientKey(private, "RS256", _named(RSAAlgorithm.to_jwk(private.public_key(), as_dict=True), "RS256"))


def derived_key(secret: str, label: bytes) -> ClientKey:
    """An elliptic key made from a secret, the same wherever the secret is; another label gives another key."""
    material = HKDF(hashes.SHA256(), 48, salt=None, info=label).derive(secret.encode())
    private = ec.derive_private_key(int.from_bytes(material, "big") % (_P256_ORDER - 1) + 1, ec.SECP256R1())
    return ClientKey(private, "ES256", _named(ECAlgorithm.to_jwk(private.public_key(), as_dict=True), "ES256"))


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The name of a public key by what it is (RFC 7638). Raises KeyError where it is no RSA or elliptic key."""
    members = {name: jwk[name] for name in _THUMBPRINT_MEMBERS[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return base64url_encode(digest).decode()


def _from_pem(pem: str) -> rsa.RSAPrivateKey:
    try:
        loaded = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except ValueError:
        raise ImproperlyConfigured("IDPORTEN_CLIENT_KEY cannot be read as an unencrypted PEM key") from None
    if not isinstance(loaded, rsa.RSAPrivateKey) or loaded.key_size < 2048:
        raise ImproperlyConfigured("IDPORTEN_CLIENT_KEY must be an RSA key of 2048 bits or more")
    return loaded


def _named(jwk: dict[str, Any], algorithm: str) -> dict[str, Any]:
    kept = {name: value for name, value in jwk.items() if name != "key_ops"}
    return kept | {"kid": thumbprint(jwk), "use": "sig", "alg": algorithm}
