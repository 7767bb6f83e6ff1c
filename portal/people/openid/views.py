"""To an identity provider and back: the two ends of signing in.

No view here runs inside the request's transaction: they wait for another party, and must not hold a connection or a
half-done change while they do. `admission.admit` opens its own. Each address says which provider it is for.
"""

import hmac
import logging
from datetime import UTC, datetime
from typing import Any, Final

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.kernel import clock
from portal.kernel.errors import FinalError, PortalError
from portal.people import signals
from portal.people.admission import NoStaffRole, PersonIsDead, admit
from portal.people.landing import landing_page
from portal.people.models import SignInSession
from portal.people.next_page import safe_next
from portal.people.numbers import NotAnIdentityNumber
from portal.people.openid.claims import Expected, Identity, LevelTooLow, TokenRefused, believe
from portal.people.openid.party import Party
from portal.people.openid.provider import OpenIdProvider, redirect_uri
from portal.people.openid.refusals import refusal_page
from portal.people.rate_limit import rate_limited
from portal.people.sessions import OpenSession

_LOG: Final = logging.getLogger("portal.sign_in")


class NoSuchSignIn(FinalError):
    """The answer belongs to no sign-in begun in this browser: used before, begun elsewhere, or too long ago."""


class NotFresh(TokenRefused):
    """A new proof was asked for, and an old one came."""


_REASONS: Final[tuple[tuple[type[PortalError], str], ...]] = (
    (LevelTooLow, "level"),
    (NotFresh, "not_fresh"),
    (NoSuchSignIn, "stale"),
    (NotAnIdentityNumber, "number"),
    (PersonIsDead, "dead"),
    (NoStaffRole, "no_role"),
    (FinalError, "failed"),
    (PortalError, "unreachable"),
)
"""Which page answers which failure; the first that fits."""

_UNTOLD: Final = frozenset({"stale", "unreachable"})
"""Refusals that say nothing about anybody: nobody had come back from the provider with an answer of ours."""


@never_cache
@require_GET
@transaction.non_atomic_requests
@rate_limited
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider; of the address only `next` is read, and only if it is a path of ours.

    Someone who is signed in already goes straight on, unless they ask for HelseID and lack what only it can give.
    """
    provider = _provider(request, provider_id)
    next_url = safe_next(request.GET.get("next"))
    opened: OpenSession | None = getattr(request, "open_session", None)
    if opened is not None and not _needs(provider.party(), opened):
        return HttpResponseRedirect(next_url or landing_page(opened.roles))
    return _begin(request, provider, next_url)


@never_cache
@require_GET
@transaction.non_atomic_requests
@rate_limited
def sign_in_anew(request: HttpRequest) -> HttpResponse:
    """Ask the one who is signed in to prove anew who they are, at the provider they came from."""
    row: SignInSession | None = getattr(request, "sign_in", None)
    staff = _provider(request, "helseid")
    came_from_staff = row is not None and row.issuer == staff.party().issuer
    provider = staff if came_from_staff else _provider(request, "idporten")
    return _begin(request, provider, safe_next(request.GET.get("next")), fresh=row is not None)


@never_cache
@require_GET
@transaction.non_atomic_requests
@rate_limited
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer, and let the person in or say in plain words why not."""
    provider = _provider(request, provider_id)
    party = provider.party()
    try:
        state = _begun_here(request, party)
        if "code" not in request.GET:
            reason = "cancelled" if request.GET.get("error") == "access_denied" else "failed"
            return refusal_page(request, reason, party.key)
        return admit(
            request,
            provider=provider,
            identity=_identity(request, party, state),
            next_url=safe_next(state.get("next")),
            anew="asked_at" in state,
        )
    except PortalError as failure:
        return _refuse(request, party, failure)


def _needs(party: Party, opened: OpenSession) -> bool:
    """Whether an open session would gain from signing in here: HelseID gives a clinician what no other door does."""
    return party.staff_only and (opened.row.issuer != party.issuer or bool(opened.dormant))


def _begin(request: HttpRequest, provider: OpenIdProvider, next_url: str, *, fresh: bool = False) -> HttpResponse:
    try:
        return provider.redirect(request, next_url=next_url or None, fresh=fresh)
    except PortalError as failure:
        return _refuse(request, provider.party(), failure)


def _begun_here(request: HttpRequest, party: Party) -> dict[str, Any]:
    """What was put aside when this sign-in began; it can be fetched once. Then the sender's own name (RFC 9207)."""
    state: dict[str, Any] | None = statekit.unstash_state(
        request, state_id=request.GET.get("state", ""), provider_id=party.key
    )
    if state is None or not state.get("nonce") or not state.get("pkce_code_verifier"):
        raise NoSuchSignIn("unknown_state")
    issuer = request.GET.get("iss", "")
    if not hmac.compare_digest(issuer.encode(), party.issuer.encode()):
        raise TokenRefused("sender")
    return state


def _identity(request: HttpRequest, party: Party, state: dict[str, Any]) -> Identity:
    counterpart = party.connect()
    tokens = counterpart.exchange(
        code=request.GET["code"], verifier=state["pkce_code_verifier"], redirect_uri=redirect_uri(party)
    )
    now = clock.real_now()
    expected = Expected(
        issuer=party.issuer,
        client_id=party.client_id,
        nonce=state["nonce"],
        level=party.level,
        oldest=party.longest_session,
        names=party.names,
    )
    identity = believe(tokens.identity, key_named=counterpart.verification_key, expected=expected, now=now)
    _demand_fresh(identity, state)
    return party.completed(identity, tokens, counterpart)


def _demand_fresh(identity: Identity, state: dict[str, Any]) -> None:
    """A new proof must be younger than the asking for it. Providers do not promise to obey `prompt`."""
    if "asked_at" not in state:
        return
    asked_at = datetime.fromtimestamp(float(state["asked_at"]), UTC).replace(microsecond=0)
    if identity.authenticated_at < asked_at:
        raise NotFresh("auth_time")


def _provider(request: HttpRequest, provider_id: str) -> OpenIdProvider:
    provider: OpenIdProvider = get_adapter(request).get_provider(request, provider=provider_id)
    return provider


def _refuse(request: HttpRequest, party: Party, failure: PortalError) -> HttpResponse:
    reason = next(reason for kind, reason in _REASONS if isinstance(failure, kind))
    if failure.code == "no_pid":
        reason = "number"
    _LOG.warning("sign-in refused", extra={"code": f"{party.key}:{reason}:{failure.code}"})
    if reason not in _UNTOLD:
        person_id = failure.person_id if isinstance(failure, PersonIsDead | NoStaffRole) else None
        signals.sign_in_refused.send(SignInSession, provider=party.key, reason=reason, person_id=person_id)
    return refusal_page(request, reason, party.key)
