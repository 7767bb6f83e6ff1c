"""Lets a person in whose token has been believed: person, account and session, all of it or nothing.

The only place where accounts and their link to an identity provider come to be. Whoever must not come in is turned
away before anything is written.
"""

import logging
from datetime import date, datetime
from typing import Final
from uuid import UUID

from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from portal.counterparts.population_register import RegisteredPerson
from portal.counterparts.population_register.http import connect as population_register
from portal.kernel import clock
from portal.kernel.errors import FinalError, PortalError
from portal.people import commands, queries, register_numbers, register_snapshots, sessions, signals
from portal.people.landing import landing_page
from portal.people.models import Person, Role, SignInSession
from portal.people.openid.claims import Identity
from portal.people.openid.party import Party
from portal.people.openid.provider import OpenIdProvider

PATIENCE: Final = 3.0
"""How many seconds someone who signs in waits for the population register; without it they come in on what is known."""

_OF_THE_LIBRARY: Final = ("_auth_", "account_", "socialaccount_")
"""How names begin in the browser's session that belong to the framework's own sign-in."""

_LOG: Final = logging.getLogger("portal.sign_in")


class NotAdmitted(FinalError):
    """We know well enough who it is, and they are not let in. `person_id` is None for somebody without a row here."""

    def __init__(self, code: str, person_id: UUID | None = None) -> None:
        super().__init__(code)
        self.person_id = person_id


class PersonIsDead(NotAdmitted):
    """The population register knows a date of death: whoever holds the key is somebody else."""


class NoStaffRole(NotAdmitted):
    """HelseID is for those who work here."""


def admit(
    request: HttpRequest, *, provider: OpenIdProvider, identity: Identity, next_url: str, anew: bool = False
) -> HttpResponse:
    """Sign the browser in as the person the token names.

    Raises `NotAnIdentityNumber`, `PersonIsDead` and `NoStaffRole` before anything is stored. Where somebody was asked
    to prove anew who they are and another person came, the page the first one wanted is forgotten.
    """
    number = queries.welcome_number(identity.pid)
    party = provider.party()
    asked_at = clock.now()
    registered = _from_register(number.digits)
    known = _known(number.digits, registered)
    _demand_alive(known, registered)
    held = _roles_to_come_in_with(known, party)
    earlier: SignInSession | None = getattr(request, "sign_in", None)
    in_force = sessions.in_force(held, hpr_number=identity.hpr_number, organisation=identity.organisation)
    with transaction.atomic():
        person = _person(number.digits, registered)
        if not party.staff_only:
            commands.record_sign_in(person=person, at=clock.now())
        in_hand: dict[str, object] = {}
        if earlier is not None:
            sessions.end(earlier, sessions.Ending.REPLACED)
            in_hand = _in_hand(request, earlier, person, party) if anew else {}
            next_url = "" if anew and earlier.person_id != person.pk else next_url
        wanted = next_url or landing_page(in_force)
        response: HttpResponse = complete_social_login(request, _login(provider, person, wanted))
        request.session.update(in_hand)
        row = _begin_session(request, person, identity, party)
        signals.signed_in.send(SignInSession, session=row, provider=party.key)
    if registered is not None and not party.staff_only:
        register_snapshots.welcome(person, registered, asked_at=asked_at)
    if held - in_force and not next_url:
        _tell_of_helseid(request, party)
    return response


def _known(pid: str, registered: RegisteredPerson | None) -> Person | None:
    """Our row of this person, also where we know them by a number they had before."""
    pids = (pid, *(registered.former_pids if registered is not None else ()))
    return next((person for each in pids if (person := queries.find_by_pid(each)) is not None), None)


def _roles_to_come_in_with(known: Person | None, party: Party) -> frozenset[Role]:
    """The staff roles of somebody who wants in; at a door for staff there must be one."""
    held = queries.roles_of(known) if known is not None else frozenset()
    if party.staff_only and not held:
        raise NoStaffRole("no_role", known.pk if known is not None else None)
    return held


def _demand_alive(known: Person | None, registered: RegisteredPerson | None) -> None:
    """What the register says now goes before what we have noted."""
    died_on: date | None = registered.died_on if registered is not None else known.died_on if known else None
    if died_on is not None:
        raise PersonIsDead("dead", known.pk if known is not None else None)


def _in_hand(request: HttpRequest, earlier: SignInSession, person: Person, party: Party) -> dict[str, object]:
    """What somebody had in hand when asked to prove anew who they are: whom they acted for, the form they had sent.

    The library empties the session at every sign-in. Only the same person through the same door gets it back.
    """
    if earlier.person_id != person.pk or earlier.issuer != party.issuer:
        return {}
    return {name: value for name, value in request.session.items() if not name.startswith(_OF_THE_LIBRARY)}


def _tell_of_helseid(request: HttpRequest, party: Party) -> None:
    """Said once to a clinician who came in as somebody else: what is missing, and the way to it."""
    words = gettext("Du er logget inn som innbygger. Skal du jobbe som behandler, må du logge inn med HelseID.")
    if party.staff_only:
        words = gettext("HelseID fortalte oss ikke både HPR-nummeret ditt og hvem du jobber for.")
    link = gettext("Logg inn med HelseID")
    address = reverse("people:staff_sign_in")
    messages.info(request, format_html('{} <a class="ds-link" href="{}">{}</a>', words, address, link))


def _begin_session(request: HttpRequest, person: Person, identity: Identity, party: Party) -> SignInSession:
    """Tie the browser's new session to the sign-in; the key was changed by the framework's login just before."""
    if not request.session.session_key:
        request.session.save()
    return sessions.begin(
        session_key=str(request.session.session_key),
        person=person,
        issuer=party.issuer,
        sid=identity.sid,
        assurance=party.assurance,
        authenticated_at=_not_ahead(identity.authenticated_at),
        hpr_number=identity.hpr_number,
        organisation=identity.organisation,
    )


def _login(provider: OpenIdProvider, person: Person, next_url: str) -> SocialLogin:
    account = commands.account_for(person)
    uid = provider.extract_uid({"pid": queries.pid_of(person)})
    SocialAccount.objects.get_or_create(provider=provider.sub_id, uid=uid, defaults={"user": account})
    login = SocialLogin(provider=provider, account=SocialAccount(provider=provider.sub_id, uid=uid))
    login.state = {"process": "login"} | ({"next": next_url} if next_url else {})
    return login


def _person(pid: str, registered: RegisteredPerson | None) -> Person:
    if registered is not None:
        register_numbers.recognise(pid=pid, registered=registered)
    person = commands.register_person(pid=pid)
    if registered is not None:
        commands.note_register_facts(
            person=person,
            name=registered.display_name,
            birth_date=registered.birth_date,
            birth_year=registered.birth_year,
            died_on=registered.died_on,
            protected=registered.protected,
        )
    return person


def _from_register(pid: str) -> RegisteredPerson | None:
    """What the population register says now; None where it cannot be asked.

    Sign-in must work while the register is down: somebody new is then greeted without a name until the next time.
    """
    try:
        return population_register(seconds=PATIENCE).look_up(pid)
    except PortalError as failure:
        _LOG.warning("population register not asked at sign-in", extra={"code": failure.code})
        return None


def _not_ahead(instant: datetime) -> datetime:
    """The provider's clock may run a little ahead of ours; a sign-in never lies in the future."""
    return min(instant, clock.real_now())
