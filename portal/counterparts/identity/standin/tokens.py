"""The stand-in's own key, and the tokens it signs with it. A new key each start, as after a real key change."""

import hashlib
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from portal.counterparts.identity.standin import config
from portal.counterparts.identity.standin.providers import Provider
from portal.counterparts.identity.standin.state import Grant
from portal.counterparts.standins.person import Person
from portal.kernel import clock

_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID: Final = str(uuid4())
_PROFESSIONS: Final = {True: ("LE", "Lege"), False: ("SP", "Sykepleier")}


def public_keys() -> dict[str, Any]:
    """The key set that services check tokens with."""
    jwk = RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
    kept = {name: value for name, value in jwk.items() if name != "key_ops"}
    return {"keys": [kept | {"kid": KEY_ID, "use": "sig", "alg": "RS256"}]}


def subject(provider: Provider, pid: str, client_id: str) -> str:
    """The person's name towards one service; another service gets another (pairwise)."""
    return hashlib.sha256(f"{provider.issuer}|{client_id}|{pid}".encode()).hexdigest()


def id_token(provider: Provider, grant: Grant, person: Person) -> str:
    """The signed statement of who signed in, how, and when."""
    now = clock.real_now()
    claims = {
        "iss": provider.issuer,
        "sub": subject(provider, person.pid, grant.request.client_id),
        "aud": grant.request.client_id,
        "iat": _seconds(now),
        "exp": _seconds(now + config.TOKEN_LIVES),
        "nonce": grant.request.nonce,
        "jti": str(uuid4()),
        "sid": grant.sid,
        "amr": [provider.methods[grant.level]],
        "auth_time": _seconds(grant.authenticated_at),
    }
    told = _staff_claims(grant, person) if provider.for_staff else _citizen_claims(grant, person)
    return jwt.encode(claims | told, _KEY, algorithm="RS256", headers={"kid": KEY_ID})


def user_info(provider: Provider, grant: Grant, person: Person) -> dict[str, Any]:
    """What is told on the back channel: by ID-porten the number, by HelseID the details from the HPR register."""
    told: dict[str, Any] = {"sub": subject(provider, person.pid, grant.request.client_id)}
    if not provider.for_staff:
        return told | {"pid": person.pid}
    if person.hpr_number and "helseid://scopes/hpr/hpr_number" in grant.request.scope:
        told["helseid://claims/hpr/hpr_number"] = person.hpr_number
        told["helseid://claims/hpr/hpr_details"] = _details(person)
    return told


def _citizen_claims(grant: Grant, person: Person) -> dict[str, Any]:
    return {"acr": grant.level, "locale": grant.request.locale, "pid": person.pid}


def _staff_claims(grant: Grant, person: Person) -> dict[str, Any]:
    """HelseID's own claims, each only where its scope was asked for."""
    asked = grant.request.scope
    told: dict[str, Any] = {"idp": "idporten-oidc"}
    if "helseid://scopes/identity/pid" in asked:
        told["helseid://claims/identity/pid"] = person.pid
    if "helseid://scopes/identity/security_level" in asked:
        told["helseid://claims/identity/security_level"] = grant.level
        told["helseid://claims/identity/assurance_level"] = "high" if grant.level == "4" else "substantial"
    if "helseid://scopes/hpr/hpr_number" in asked and person.hpr_number:
        told["helseid://claims/hpr/hpr_number"] = person.hpr_number
    if grant.organisation:
        told["helseid://claims/client/claims/orgnr_parent"] = grant.organisation
    return told


def _details(person: Person) -> dict[str, Any]:
    code, words = _PROFESSIONS["lege" in person.note.lower()]
    approval = {
        "profession": code,
        "profession_description": words,
        "authorization": {"value": "1", "description": "Autorisasjon"},
        "requisition_rights": [],
        "specialities": [],
    }
    return {"hpr_number": int(person.hpr_number), "approvals": [approval]}


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
