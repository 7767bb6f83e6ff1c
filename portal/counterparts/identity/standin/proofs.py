"""Whether a call proves that the caller holds the key (DPoP, RFC 9449), as strict as HelseID.

A nonce of ours is demanded in every proof, and a fresh one goes with every answer.
"""

from collections.abc import Mapping
from typing import Any, Final

import jwt
from django.http import HttpRequest, HttpResponse

from portal.counterparts.identity.client_key import thumbprint
from portal.counterparts.identity.dpop import HEADER, NONCE_HEADER, TYPE, WANTS_NONCE, token_hash
from portal.counterparts.identity.standin import config
from portal.counterparts.identity.standin.checks import ALGORITHMS, OAuthError
from portal.counterparts.identity.standin.providers import Provider
from portal.kernel import clock

_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
_NEEDED: Final = ["jti", "htm", "htu", "iat"]


def proven_key(provider: Provider, request: HttpRequest, *, access_token: str = "") -> str:
    """The thumbprint of the key behind a call; empty at a provider that binds nothing to keys."""
    if not provider.bound:
        return ""
    status = 401 if access_token else 400
    proof = request.headers.get(HEADER, "")
    claims, key = _read(proof, status)
    if claims["htm"] != request.method or claims["htu"] != f"{provider.issuer}/{request.path.rpartition('/')[2]}":
        raise OAuthError("invalid_dpop_proof", "htm or htu is about another call", status)
    if access_token and claims.get("ath") != token_hash(access_token):
        raise OAuthError("invalid_dpop_proof", "ath is about another token", status)
    if abs(clock.real_now().timestamp() - claims["iat"]) > config.PROOF_LIVES.total_seconds():
        raise OAuthError("invalid_dpop_proof", "iat is too old or lies ahead", status)
    if provider.memory.nonces.get(str(claims.get("nonce", ""))) is None:
        raise OAuthError(WANTS_NONCE, "a nonce from here is needed", status)
    if not provider.memory.used_proofs.claim(str(claims["jti"]), clock.real_now() + 2 * config.PROOF_LIVES):
        raise OAuthError("invalid_dpop_proof", "the proof was used before", status)
    return key


def give_nonce(provider: Provider, response: HttpResponse) -> None:
    """A fresh nonce with an answer."""
    if provider.bound:
        response.headers[NONCE_HEADER] = provider.memory.nonces.put(True, clock.real_now() + config.NONCE_LIVES)


def _read(proof: str, status: int) -> tuple[Mapping[str, Any], str]:
    try:
        header = jwt.get_unverified_header(proof)
        jwk = header.get("jwk")
        if header.get("typ") != TYPE or not isinstance(jwk, dict) or _PRIVATE & set(jwk):
            raise OAuthError("invalid_dpop_proof", "a proof with typ dpop+jwt and a public jwk is needed", status)
        key = jwt.PyJWK.from_dict(jwk, algorithm=header.get("alg"))
        options: Any = {"require": _NEEDED, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(proof, key, algorithms=ALGORITHMS, options=options)
        claims["iat"] = float(claims["iat"])
        return claims, thumbprint(jwk)
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as fault:
        raise OAuthError("invalid_dpop_proof", f"the proof is not valid: {type(fault).__name__}", status) from None
