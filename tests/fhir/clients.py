"""Client systems with real keys, as a hospital's integration would be."""

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.test import Client

from portal.fhir.models import ApiClient
from portal.kernel import clock
from tests.letters.making import unit

ALL_SCOPES = (
    "system/CommunicationRequest.write",
    "system/CommunicationRequest.read",
    "system/Communication.read",
)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_ADDRESS = "http://localhost:8000/oauth/token"
_ALGORITHMS = {"ES384": jwt.algorithms.ECAlgorithm, "RS384": jwt.algorithms.RSAAlgorithm}
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class System:
    """One client system: its id, its key, and how it signs."""

    client_id: str
    algorithm: str = "ES384"
    kid: str = "key-1"
    key: EllipticCurvePrivateKey | RSAPrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP384R1())
    )

    def public_jwk(self) -> dict[str, Any]:
        """The public key as the client publishes it."""
        kind = jwt.algorithms.RSAAlgorithm if isinstance(self.key, RSAPrivateKey) else jwt.algorithms.ECAlgorithm
        entry: dict[str, Any] = json.loads(kind.to_jwk(self.key.public_key()))  # type: ignore[arg-type]  # a union
        return {**entry, "kid": self.kid, "use": "sig"}

    def register(self, *scopes: str, **changes: Any) -> ApiClient:
        """Make the system known to the portal."""
        return ApiClient.objects.create(
            client_id=self.client_id,
            name=self.client_id,
            jwks={"keys": [self.public_jwk()]},
            scopes=list(scopes or ALL_SCOPES),
            **changes,
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a right assertion, with changes; None takes a claim away."""
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": TOKEN_ADDRESS,
            "exp": int((clock.real_now() + timedelta(minutes=4)).timestamp()),
            "jti": str(uuid.uuid4()),
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def sign(self, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """A signed assertion."""
        headers = {"kid": self.kid} if header is None else header
        return jwt.encode(self.claims(**changes), self.key, algorithm=self.algorithm, headers=headers)


def rsa_system(client_id: str, algorithm: str = "RS384") -> System:
    """A system with an RSA key; the key is shared between tests, since making one is slow."""
    return System(client_id, algorithm=algorithm, key=_RSA)


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    """A JWT that nobody has signed."""
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    words = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*words, ""])


def ask(browser: Client, assertion: str, scope: str | None = "", **changes: Any) -> Any:
    """POST to the token endpoint; None takes a field away."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        "scope": scope,
    } | changes
    kept = {name: value for name, value in form.items() if value is not None}
    body = "&".join(f"{name}={jwt.utils.force_bytes(value).decode()}" for name, value in kept.items())
    return browser.post("/oauth/token", body.replace(" ", "+"), content_type="application/x-www-form-urlencoded")


def bearer(browser: Client, system: System, scope: str = "") -> dict[str, str]:
    """The header of a signed-in system."""
    answer = ask(browser, system.sign(), scope)
    assert answer.status_code == 200, answer.content
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def signed_in(browser: Client, client_id: str = "dips", *more: str) -> dict[str, str]:
    """The headers of a system that may send and follow letters for a unit that exists, and do what `more` allow."""
    unit()
    system = System(client_id)
    system.register(*ALL_SCOPES, *more)
    return bearer(browser, system)
