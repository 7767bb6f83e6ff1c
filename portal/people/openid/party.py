"""What this portal knows about one identity provider: the settings' word alone, no database row can change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.counterparts.identity import IdentityProvider, Tokens
from portal.people.openid.claims import USUAL_NAMES, ClaimNames, Identity


def as_told(identity: Identity, tokens: Tokens, provider: IdentityProvider) -> Identity:
    """The token says all there is."""
    return identity


@dataclass(frozen=True, slots=True)
class Party:
    """One provider: where it is, what we ask for, and what its answers must say.

    `key` names it in addresses, audit and our own account rows. `acr_values` is what we ask for, `level` what the
    signed token must say, `assurance` what the session then keeps. `completed` asks for what the token leaves out.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    callback_path: str
    scope: str
    acr_values: str
    level: str
    assurance: str
    longest_session: timedelta
    connect: Callable[[], IdentityProvider]
    names: ClaimNames = USUAL_NAMES
    staff_only: bool = False
    completed: Callable[[Identity, Tokens, IdentityProvider], Identity] = as_told
