"""Whether the HPR register still authorises the one who signs in. HelseID tells that behind the browser's back only."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from portal.counterparts.identity import IdentityProvider, Tokens
from portal.people.openid.claims import Identity, TokenRefused

DETAILS: Final = "helseid://claims/hpr/hpr_details"


def with_authorisation(identity: Identity, tokens: Tokens, provider: IdentityProvider) -> Identity:
    """The identity, without its HPR number where the register tells of no authorisation under that number.

    Raises `TokenRefused` where the answer is about somebody else, and `PortalError` where HelseID cannot be asked.
    """
    if not identity.hpr_number:
        return identity
    told = provider.user_info(tokens.access)
    if not hmac.compare_digest(str(told.get("sub", "")).encode(), identity.subject.encode()):
        raise TokenRefused("user_info")
    return identity if _authorised(told.get(DETAILS), identity.hpr_number) else replace(identity, hpr_number="")


def _authorised(details: object, hpr_number: str) -> bool:
    """Whether at least one approval stands under the same number; the register writes numbers with or without text."""
    if not isinstance(details, Mapping) or str(details.get("hpr_number", "")) != hpr_number:
        return False
    approvals: Any = details.get("approvals")
    return isinstance(approvals, list) and any(isinstance(one, Mapping) and one.get("profession") for one in approvals)
