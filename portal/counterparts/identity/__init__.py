"""The identity providers, ID-porten for everyone and HelseID for staff: who is at the keyboard, and how sure is that.

The code flow of OpenID Connect with pushed requests, PKCE and signed client assertions. This port only moves messages;
what an answer must hold to be believed is decided in `portal.people.openid`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

CALLBACK_PATH = "/logg-inn/svar/"
FRONTCHANNEL_LOGOUT_PATH = "/logg-ut/idporten/"
STAFF_CALLBACK_PATH = "/logg-inn/ansatt/svar/"
STAFF_FRONTCHANNEL_LOGOUT_PATH = "/logg-ut/helseid/"
SIGNED_OUT_PATH = "/logg-ut/"
CLIENT_KEYS_PATH = "/.well-known/idporten-jwks.json"
"""Addresses of the portal that are registered with the identity providers; both know the same keys."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code was exchanged for. Neither token shows in `repr`, and neither is ever stored."""

    identity: str = field(repr=False)
    access: str = field(repr=False)


class IdentityProvider(Protocol):
    """What the portal asks of an identity provider."""

    def push(self, request: Mapping[str, str]) -> str:
        """Hand over a request; the address to send the browser to. Raises `CounterpartDown`, `Refused`."""

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """What a code stands for. Raises `CounterpartDown`, `UnknownOutcome`, `Refused`."""

    def user_info(self, access_token: str) -> Mapping[str, Any]:
        """What the provider tells about the person beyond the token. Raises `CounterpartDown`, `Refused`."""

    def verification_key(self, key_id: str) -> RSAPublicKey | None:
        """The provider's public key of this name, or None where it has none. Raises `CounterpartDown`."""

    def sign_out_address(self, *, return_to: str) -> str:
        """Where to send a browser that signs out. Raises `CounterpartDown`."""
