"""The page for a sign-in that did not succeed: what happened, that nothing is stored, and what to do."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_AGAIN: Final = _("Prøv å logge inn igjen")
ENTRANCES: Final = {"idporten": "people:sign_in", "helseid": "people:staff_sign_in"}
NAMES: Final = {"idporten": "ID-porten", "helseid": "HelseID"}


@dataclass(frozen=True)
class Refusal:
    """The words of one refusal and the status it is answered with. `advice` is what may help further on."""

    status: int
    title: Promise
    happened: Promise
    what_now: Promise
    action: Promise = _AGAIN
    advice: tuple[Promise, ...] = ()
    entrance: str = ""


_REFUSALS: Final = {
    "cancelled": Refusal(
        200,
        _("Du avbrøt innloggingen"),
        _("Du er ikke logget inn. Ingenting er lagret."),
        _("Du kan logge inn når du vil."),
        _("Logg inn"),
    ),
    "level": Refusal(
        403,
        _("Du må logge inn på en sikrere måte"),
        _("Helseopplysninger krever det høyeste sikkerhetsnivået i %(party)s. MinID er ikke nok. Ingenting er lagret."),
        _("Logg inn igjen, og velg BankID, Buypass eller Commfides."),
        advice=(
            _("Har du ikke BankID? Spør banken din. Noen banker gir BankID fra du er 13 år."),
            _("Kan du ikke få BankID, kan du bestille Buypass ID eller Commfides på nettsidene deres."),
            _("Får du ingen av dem, får du brevene dine på papir. Du går ikke glipp av noe."),
        ),
    ),
    "number": Refusal(
        403,
        _("Vi kan ikke logge deg inn"),
        _("%(party)s ga oss ikke et fødselsnummer eller D-nummer som kan brukes her. Ingenting er lagret."),
        _("Ring oss hvis du trenger hjelp til å se opplysningene dine."),
    ),
    "dead": Refusal(
        403,
        _("Vi kan ikke logge deg inn"),
        _("Folkeregisteret har fått melding om at personen med dette fødselsnummeret er død. Ingenting er lagret."),
        _("Er du pårørende, kan du ringe oss. Da hjelper vi deg med det du trenger å vite."),
        advice=(_("Er meldingen feil, beklager vi. Ring oss, så hjelper vi deg med å få det rettet."),),
    ),
    "no_role": Refusal(
        403,
        _("Denne innloggingen er for ansatte"),
        _("Vi finner ingen rolle for deg hos oss. Du er ikke logget inn, og ingenting er lagret."),
        _("Vil du se det som er ditt, logger du inn med ID-porten. Trenger du tilgang på jobb, spør lederen din."),
        _("Logg inn med ID-porten"),
        entrance="idporten",
    ),
    "not_fresh": Refusal(
        403,
        _("Du må vise hvem du er på nytt"),
        _("%(party)s brukte en innlogging du hadde fra før. Det du holdt på med, krever at du logger inn nå."),
        _("Prøv en gang til, og fullfør innloggingen med BankID, Buypass eller Commfides."),
    ),
    "stale": Refusal(
        400,
        _("Innloggingen må begynne på nytt"),
        _("Det gikk for lang tid, eller innloggingen var allerede brukt. Du er ikke logget inn her."),
        _("Begynn på nytt fra denne siden. Ikke bruk tilbakeknappen mens du logger inn."),
    ),
    "failed": Refusal(
        403,
        _("Innloggingen ble stanset"),
        _("Svaret fra %(party)s stemte ikke, og av sikkerhetsgrunner slapp vi det ikke inn. Ingenting er lagret."),
        _("Prøv en gang til. Ring oss hvis det skjer igjen."),
    ),
    "unreachable": Refusal(
        503,
        _("Vi får ikke kontakt med %(party)s"),
        _("Innloggingen virker ikke akkurat nå. Det er ikke din feil."),
        _("Vent noen minutter og prøv en gang til. Ring oss hvis det haster."),
    ),
    "too_many": Refusal(
        429,
        _("Det er mange som logger inn herfra nå"),
        _("Vi har fått svært mange forsøk på å logge inn fra nettet du bruker. Derfor må du vente litt."),
        _("Vent ett minutt, og prøv en gang til."),
    ),
}


def refusal_page(request: HttpRequest, reason: str, party: str = "idporten") -> HttpResponse:
    """The page for one reason, at one provider; see `_REFUSALS` for the reasons there are."""
    refusal = _REFUSALS[reason]
    names = {"party": NAMES[party]}
    words = {
        "title": refusal.title % names,
        "happened": refusal.happened % names,
        "what_now": refusal.what_now,
        "action": refusal.action,
        "advice": refusal.advice,
        "again": reverse(ENTRANCES[refusal.entrance or party]),
    }
    return render(request, "people/sign_in_refused.html", {"refusal": words}, status=refusal.status)
