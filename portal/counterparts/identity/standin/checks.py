"""The strictness of the real one: who calls, with which key, and whether a request is whole."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import jwt

from portal.counterparts.identity.standin import state
from portal.counterparts.identity.standin.config import Client
from portal.counterparts.identity.standin.providers import Provider

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "ES256"]
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class OAuthError(Exception):
    """A refusal in the protocol's own words."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


def authenticated_client(provider: Provider, form: Mapping[str, str]) -> Client:
    """The service behind a call, by its signed assertion, which is good once."""
    client = provider.client_named(form.get("client_id", ""))
    if client is None or form.get("client_assertion_type") != _ASSERTION_TYPE:
        raise OAuthError("invalid_client", "client_id and a jwt-bearer client_assertion are needed", 401)
    claims = _assertion(provider, client, form.get("client_assertion", ""))
    if claims["iss"] != client.client_id or claims["sub"] != client.client_id:
        raise OAuthError("invalid_client", "the assertion speaks for another client", 401)
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    if claims["exp"] - claims["iat"] > 120:
        raise OAuthError("invalid_client", "the assertion lives longer than 120 seconds", 401)
    if provider.memory.used_assertions.get(claims["jti"]):
        raise OAuthError("invalid_client", "the assertion was used before", 401)
    provider.memory.used_assertions.put(True, expires, claims["jti"])
    return client


def request_from(provider: Provider, form: Mapping[str, str], client: Client) -> state.Request:
    """A pushed request if it is whole, else what is wrong with it."""
    _demand(form.get("response_type") == "code", "response_type must be code")
    _demand(form.get("redirect_uri") == client.redirect_uri, "redirect_uri is not registered")
    scope = frozenset(form.get("scope", "").split())
    _demand("openid" in scope, "scope must hold openid")
    _demand(scope <= set(provider.scopes), "a scope is not registered")
    _demand(bool(form.get("state")), "state is needed")
    _demand(bool(form.get("nonce")), "nonce is needed")
    _demand(form.get("code_challenge_method") == "S256", "code_challenge_method must be S256")
    _demand(bool(_CHALLENGE.fullmatch(form.get("code_challenge", ""))), "code_challenge is not S256")
    levels = [level for word in form.get("acr_values", "").split() if (level := provider.level(word, ""))]
    locales = form.get("ui_locales", "").split()
    return state.Request(
        client_id=client.client_id,
        redirect_uri=form["redirect_uri"],
        state=form["state"],
        nonce=form["nonce"],
        challenge=form["code_challenge"],
        scope=scope,
        level=levels[0] if levels else provider.usual_level,
        locale=locales[0] if locales else "nb",
        fresh=form.get("prompt") == "login",
    )


def verifier_fits(verifier: str, challenge: str) -> bool:
    """Whether the caller of the token endpoint is the one who began (PKCE)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)


def _demand(holds: bool, words: str) -> None:
    if not holds:
        raise OAuthError("invalid_request", words)


def _assertion(provider: Provider, client: Client, assertion: str) -> dict[str, Any]:
    try:
        key = _keys_of(client.keys_address).get_signing_key_from_jwt(assertion)
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key,
            algorithms=ALGORITHMS,
            audience=provider.issuer,
            leeway=10,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "jti"]},
        )
    except jwt.PyJWKClientConnectionError:
        raise OAuthError("invalid_client", "the client's keys cannot be fetched", 401) from None
    except jwt.PyJWTError as refused:
        raise OAuthError("invalid_client", f"the assertion is not valid: {type(refused).__name__}", 401) from None
    return claims


@lru_cache(maxsize=8)
def _keys_of(address: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(address, lifespan=300, timeout=8)
