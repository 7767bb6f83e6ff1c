"""The record system's key pair and its client assertion (SMART Backend Services, private_key_jwt, ES384).

The key follows from the shared secret, so that it is the same after every start and needs no file.
"""

import json
from datetime import timedelta
from functools import cache
from hashlib import sha512
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from jwt.algorithms import ECAlgorithm

from portal.kernel import clock

CLIENT_ID = "dips"
KEY_ID = "dips-1"
ALGORITHM = "ES384"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = timedelta(minutes=4)
ORDER_BELOW = 2**380
"""Smaller than the order of P-384, so that any remainder of it plus one is a private key."""


@cache
def private_key() -> ec.EllipticCurvePrivateKey:
    """The record system's private key."""
    digest = sha512(b"record-system:" + settings.COUNTERPART_SECRET.encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest, "big") % ORDER_BELOW + 1, ec.SECP384R1())


def jwks() -> dict[str, Any]:
    """The public half, as the portal fetches it."""
    key: dict[str, Any] = json.loads(ECAlgorithm(ECAlgorithm.SHA384).to_jwk(private_key().public_key()))
    return {"keys": [key | {"kid": KEY_ID, "alg": ALGORITHM, "use": "sig"}]}


def client_assertion(token_url: str) -> str:
    """A signed proof that we are the record system. Lifetimes run on real time."""
    now = clock.real_now()
    claims = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": token_url,
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + LIFETIME,
    }
    return jwt.encode(claims, private_key(), algorithm=ALGORITHM, headers={"kid": KEY_ID})
