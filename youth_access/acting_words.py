"""Words for whom one acts for: in what capacity, and why not. A reason never tells that something exists.

What staff have closed, a protected address and a death have the same words, so that nobody can tell them apart.
"""

from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import clock
from youth_access.ages import turns
from youth_access.facts import Kind, Service

Text = str | Promise

CAPACITY: Final[dict[Kind, Text]] = {
    Kind.PARENT: gettext_lazy("Barnet ditt"),
    Kind.GUARDIAN: gettext_lazy("Du er verge"),
    Kind.PROXY: gettext_lazy("Du har fullmakt"),
    Kind.APPOINTED: gettext_lazy("Du er nærmeste pårørende og har fått fullmakt av helsetjenesten"),
    Kind.UNUSABLE_RESPONSIBILITY: gettext_lazy("Du står med ansvar i Folkeregisteret"),
    Kind.PARENT_WITHOUT_RESPONSIBILITY: gettext_lazy("Du er forelder uten foreldreansvar"),
}
AS_WHAT: Final[dict[Kind, Text]] = {
    Kind.PARENT: gettext_lazy("forelder"),
    Kind.GUARDIAN: gettext_lazy("verge"),
    Kind.PROXY: gettext_lazy("fullmektig"),
    Kind.APPOINTED: gettext_lazy("nærmeste pårørende"),
}
NEUTRAL: Final = gettext_lazy("Du kan ikke handle for denne personen her. Ring oss, så hjelper vi deg videre.")
TWELVE_TO_FIFTEEN: Final = gettext_lazy(
    "Fra barnet er 12 år, ser du bare det som helsepersonell har åpnet for foreldre."
)
_REASONS: Final[dict[str, Text]] = {
    "register_unavailable": gettext_lazy(
        "Vi får ikke sjekket med Folkeregisteret nå, og da åpner vi ikke for noen andre enn personen selv. "
        "Prøv igjen senere."
    ),
    "address": gettext_lazy(
        "Ingen forelder står med samme adresse som barnet i Folkeregisteret. Da kan foreldrene ikke bruke portalen "
        "for barnet. Ring oss, så hjelper vi deg på en annen måte."
    ),
    "sixteen": gettext_lazy("Fra 16 år bestemmer ungdommen selv. Du kan bare se noe her hvis du får en fullmakt."),
    "proxy_age": gettext_lazy("Den som gir fullmakt, må ha fylt 16 år, og den som får fullmakt, må ha fylt 18 år."),
    "mandate": gettext_lazy("Vergemålet ditt gjelder ikke personlige forhold, og da gjelder det ikke helsetjenester."),
    "outside_area": gettext_lazy("Fullmakten din gjelder ikke noen av tjenestene her."),
    "responsibility_unclear": gettext_lazy(
        "Folkeregisteret viser ikke foreldreansvar på en måte som kan brukes her. Ring oss, så hjelper vi deg."
    ),
    "ask_in_writing": gettext_lazy(
        "Du har ikke foreldreansvar, og kan ikke bruke portalen for barnet. Du kan be sykehuset skriftlig om innsyn."
    ),
    "contact_hospital": gettext_lazy("Ta kontakt med sykehuset. De kan hjelpe deg uten å bruke portalen."),
    "higher_level": gettext_lazy("Logg inn med høyeste sikkerhetsnivå, for eksempel BankID, for å handle for andre."),
    "age_unknown": gettext_lazy(
        "Folkeregisteret har ikke hele fødselsdatoen. Derfor vet vi ikke hvilke regler som gjelder. Ring oss."
    ),
}
AREAS: Final[dict[Service, Text]] = {
    Service.LETTER: gettext_lazy("Brev fra sykehuset"),
    Service.APPOINTMENT: gettext_lazy("Timer"),
    Service.REFERRAL: gettext_lazy("Henvisninger"),
    Service.DIALOGUE: gettext_lazy("Meldinger med sykehuset"),
    Service.JOURNAL: gettext_lazy("Journal"),
    Service.FORM: gettext_lazy("Skjemaer"),
    Service.LOG: gettext_lazy("Hvem som har sett opplysningene"),
    Service.SETTINGS: gettext_lazy("Innstillinger"),
}


def reason_text(key: str) -> str:
    """Why a door is closed, for the one who stands outside; the neutral words for every reason not told."""
    return str(_REASONS.get(key, NEUTRAL))


def capacity_text(kind: Kind) -> str:
    """What the viewer is to somebody: "Barnet ditt", "Du har fullmakt"."""
    return str(CAPACITY.get(kind, ""))


def areas_text(areas: list[str]) -> str:
    """The areas of a fullmakt, in the order of the services."""
    return ", ".join(str(words) for service, words in AREAS.items() if service.value in areas)


def age_text(born: date | None) -> str:
    """ "8 år"; empty where the birth date is not known."""
    if born is None:
        return ""
    today = clock.today()
    years = today.year - born.year - (today < turns(born, today.year - born.year, gains=True))
    return _("%(years)s år") % {"years": years}


def named(name: str, born: date | None) -> str:
    """A name with the age in years after it."""
    age = age_text(born)
    return f"{name} ({age})" if age else name


def banner_text(name: str, born: date | None, kind: Kind) -> str:
    """ "Du ser siden for Ask Brattli (8 år) som forelder"."""
    words = {"who": named(name, born), "as": str(AS_WHAT.get(kind, ""))}
    return _("Du ser siden for %(who)s som %(as)s") % words
