"""ID-porten: what we ask it for, and what it must answer."""

from typing import Final

from django.conf import settings

from portal.counterparts.identity import CALLBACK_PATH
from portal.counterparts.identity.http import connect
from portal.people.openid.party import Party
from portal.people.openid.provider import OpenIdProvider

SCOPE: Final = "openid profile"


class IdportenProvider(OpenIdProvider):
    """ID-porten at its highest level."""

    id = "idporten"
    name = "ID-porten"
    package = "portal.people.idporten"

    def party(self) -> Party:
        """See `OpenIdProvider.party`."""
        return idporten()


def idporten() -> Party:
    """ID-porten as the settings have it."""
    return Party(
        key=IdportenProvider.id,
        name=IdportenProvider.name,
        issuer=settings.IDENTITY_ISSUER,
        client_id=settings.IDPORTEN_CLIENT_ID,
        callback_path=CALLBACK_PATH,
        scope=SCOPE,
        acr_values=settings.IDPORTEN_ASSURANCE,
        level=settings.IDPORTEN_ASSURANCE,
        assurance=settings.IDPORTEN_ASSURANCE,
        longest_session=settings.IDPORTEN_MAX_SIGN_IN_AGE,
        connect=connect,
    )


provider_classes = [IdportenProvider]
