"""Our own identity providers inside django-allauth.

They stand directly on allauth's base provider and not on its OAuth2 one, because that one lets the address bar override
the request (`?auth_params=`, `?scope=`) and files every claim, the identity number included, in `extra_data`. Here the
request is fixed in code, pushed to the provider behind the browser's back, and no claim is ever stored.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, Final

from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language

from portal.kernel import clock
from portal.people import sealing
from portal.people.openid.party import Party

_SPOKEN: Final = frozenset({"nb", "nn", "en", "se"})


class OpenIdProvider(Provider):  # type: ignore[misc] # allauth has no types
    """A provider with a fixed request; what is different between them stands in `party`."""

    account_class = ProviderAccount
    uses_apps = False
    supports_redirect = True

    def party(self) -> Party:
        """Who is asked."""
        raise NotImplementedError

    def redirect(
        self,
        request: HttpRequest,
        process: str = "login",
        next_url: str | None = None,
        data: object = None,
        *,
        fresh: bool = False,
        **kwargs: object,
    ) -> HttpResponse:
        """Push the request and send the browser on. Raises `CounterpartDown` or `Refused`.

        `fresh` demands that the person proves anew who they are; the answer is then held against the time of asking.
        """
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        kept: dict[str, object] = {"pkce_code_verifier": verifier, "nonce": nonce}
        if fresh:
            kept["asked_at"] = clock.real_now().timestamp()
        state = self.stash_redirect_state(request, "login", next_url, **kept)
        party = self.party()
        asked = authorization_request(party, state=state, nonce=nonce, verifier=verifier, fresh=fresh)
        return HttpResponseRedirect(party.connect().push(asked))

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        """The blind index of the number. ID-porten's own `sub` has changed once already, so it is no lasting key."""
        return sealing.blind_index(data["pid"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing: claims are read once and forgotten."""
        return {}


def redirect_uri(party: Party) -> str:
    """Where the provider sends people back to; taken from the settings and never from a Host header."""
    return f"{settings.PORTAL_URL}{party.callback_path}"


def authorization_request(
    party: Party, *, state: str, nonce: str, verifier: str, fresh: bool = False
) -> dict[str, str]:
    """Everything we ask for; none of it comes from the browser but the language of the page."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    language = get_language()
    asked = {
        "response_type": "code",
        "client_id": party.client_id,
        "redirect_uri": redirect_uri(party),
        "scope": party.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "acr_values": party.acr_values,
        "ui_locales": language if language in _SPOKEN else "nb",
    }
    return asked | ({"prompt": "login"} if fresh else {})
