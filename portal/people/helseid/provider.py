"""HelseID: what we ask it for, and what it must answer."""

from typing import Final

from django.conf import settings

from portal.counterparts.identity import STAFF_CALLBACK_PATH
from portal.counterparts.identity.http import connect_staff
from portal.people import assurance
from portal.people.helseid.authorisation import with_authorisation
from portal.people.openid.claims import ClaimNames
from portal.people.openid.party import Party
from portal.people.openid.provider import OpenIdProvider

SCOPE: Final = " ".join(
    (
        "openid",
        "profile",
        "helseid://scopes/identity/pid",
        "helseid://scopes/identity/security_level",
        "helseid://scopes/hpr/hpr_number",
    )
)
LEVEL: Final = "4"
NAMES: Final = ClaimNames(
    level="helseid://claims/identity/security_level",
    pid="helseid://claims/identity/pid",
    hpr_number="helseid://claims/hpr/hpr_number",
    organisation="helseid://claims/client/claims/orgnr_parent",
)


class HelseIdProvider(OpenIdProvider):
    """HelseID at security level 4, for those who hold a staff role here."""

    id = "helseid"
    name = "HelseID"
    package = "portal.people.helseid"

    def party(self) -> Party:
        """See `OpenIdProvider.party`."""
        return helseid()


def helseid() -> Party:
    """HelseID as the settings have it."""
    return Party(
        key=HelseIdProvider.id,
        name=HelseIdProvider.name,
        issuer=settings.HELSEID_ISSUER,
        client_id=settings.HELSEID_CLIENT_ID,
        callback_path=STAFF_CALLBACK_PATH,
        scope=SCOPE,
        acr_values=f"Level{LEVEL}",
        level=LEVEL,
        assurance=assurance.HELSEID,
        longest_session=settings.HELSEID_MAX_SIGN_IN_AGE,
        connect=connect_staff,
        names=NAMES,
        staff_only=True,
        completed=with_authorisation,
    )


provider_classes = [HelseIdProvider]
