"""The words of the access log: what a row's codes are called to the person they concern."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from youth_access.facts import Service

Text = str | Promise

WHO_MAY_ACT: Final = _("Hvem kan handle for meg")
CONSENTS: Final = _("Samtykker")
SETTINGS: Final = _("Innstillinger")
SOMETHING: Final = _("opplysninger om deg")
SOMETHING_OF_ANOTHER: Final = _("opplysningene")

NOUNS: Final[Mapping[str, Text]] = {
    "letter": _("et brev"),
    "letter_pdf": _("et brev som PDF"),
    "enclosure": _("et vedlegg til et brev"),
    "posting": _("papirutgaven av et brev"),
    "letter_search": _("brev"),
    "appointment": _("en time"),
    "appointment_list": _("en liste over timer"),
    "calendar_file": _("en time som kalenderfil"),
    "calendar_feed": _("timene i en kalender"),
    "slot": _("en ledig time"),
    "busy_times": _("tidspunktene for timene dine"),
    "request": _("et ønske om time"),
    "referral": _("en henvisning"),
    "thread": _("en dialog"),
    "message": _("en melding"),
    "journal": _("et journaldokument"),
    "form": _("et skjema"),
    "log": _("loggen over innsyn"),
    "fullmakt": _("en fullmakt"),
    "youth_consent": _("et samtykke"),
    "access": _("tilgangen til opplysningene dine"),
    "break_glass": _("nødtilgang"),
}
"""What is told of an item: its kind, never its title."""

ITEM_KINDS: Final = frozenset(
    {
        *("letter", "letter_pdf", "enclosure", "posting", "appointment", "calendar_file"),
        *("referral", "thread", "message", "journal", "form"),
    }
)
"""Kinds of things that may be hidden from the viewer; such a one is then only "information"."""

AS_A_WHOLE: Final[Mapping[str, Service]] = {
    "log": Service.LOG,
    "break_glass": Service.LOG,
    "fullmakt": Service.PROXIES,
}
"""Kinds whose rows follow their service as such, since there is no single item to decide about."""

_TIMES: Final = frozenset(
    {"appointment", "appointment_list", "calendar_file", "calendar_feed", "slot", "busy_times", "request"}
)
SERVICES: Final[Mapping[str, tuple[Text, frozenset[str]]]] = {
    "brev": (_("Brev"), frozenset({"letter", "letter_pdf", "enclosure", "posting", "letter_search"})),
    "timer": (_("Timer"), _TIMES),
    "henvisninger": (_("Henvisninger"), frozenset({"referral"})),
    "dialog": (_("Dialog"), frozenset({"thread", "message"})),
    "journal": (_("Journal"), frozenset({"journal"})),
    "skjema": (_("Skjema"), frozenset({"form"})),
    "fullmakt": (_("Fullmakter og samtykker"), frozenset({"fullmakt", "youth_consent", "person"})),
    "tilgang": (_("Nødtilgang og tilgangsstyring"), frozenset({"break_glass", "access"})),
    "logg": (_("Innsynsloggen"), frozenset({"log"})),
    "innlogging": (_("Innlogging"), frozenset({"session"})),
}
"""The services one may choose, by the key in the address."""

OF_ONESELF: Final = frozenset({"log", "session", "appointment_list", "calendar_feed"})
"""What the reader has done here themselves, and need not see unless they ask: or the log would be full of itself."""

REFUSED: Final = _("%(who)s prøvde å åpne %(what)s")
LOOKED: Final = _("%(who)s så på %(what)s")
CHANGED: Final = _("%(who)s behandlet %(what)s")
DEEDS: Final[Mapping[str, Text]] = {
    "read": _("%(who)s leste %(what)s"),
    "preview": _("%(who)s leste %(what)s"),
    "find": _("%(who)s søkte etter %(what)s"),
    "busy_times": _("%(who)s så %(what)s"),
    "request.book": _("%(who)s ba om %(what)s"),
    "request.move": _("%(who)s ba om ny tid for %(what)s"),
    "request.cancel": _("%(who)s ba om å avlyse %(what)s"),
    "request.confirm": _("%(who)s bekreftet %(what)s"),
    "slot.hold": _("%(who)s holdt av %(what)s"),
    "slot.let_go": _("%(who)s slapp %(what)s"),
    "calendar.make": _("%(who)s laget en kalender med timer"),
    "calendar.end": _("%(who)s avsluttet en kalender med timer"),
    "sign_in": _("%(who)s logget inn"),
    "sign_out": _("%(who)s logget ut"),
    "acting.begin": _("%(who)s begynte å handle for deg"),
    "acting.end": _("%(who)s sluttet å handle for deg"),
    "acting.lost": _("%(who)s mistet retten til å handle for deg"),
    "fullmakt.give": _("%(who)s ga en fullmakt"),
    "fullmakt.end": _("%(who)s avsluttet en fullmakt"),
    "fullmakt.assigned": _("%(who)s registrerte en tildelt fullmakt"),
    "fullmakt.assigned_ended": _("%(who)s avsluttet en tildelt fullmakt"),
    "consent.give": _("%(who)s samtykket til at du kan bruke Min helse"),
    "consent.withdraw": _("%(who)s trakk samtykket til at du kan bruke Min helse"),
    "emergency.begun": _("%(who)s tok i bruk nødtilgang"),
    "emergency.left": _("%(who)s avsluttet nødtilgangen"),
    "emergency.reviewed": _("%(who)s kontrollerte en nødtilgang"),
}
REFUSALS: Final[Mapping[str, Text]] = {
    "sign_in": _("En innlogging i ditt navn ble stoppet"),
    "acting.begin": _("%(who)s prøvde å handle for deg"),
}
"""Refusals that are about no item."""

CAPACITIES: Final[Mapping[str, Text]] = {
    "FO": _("som forelder"),
    "VE": _("som verge"),
    "FU": _("med fullmakt"),
    "TD": _("med tildelt fullmakt"),
    "clinician": _("behandler"),
    "emergency": _("behandler"),
    "clerk": _("merkantil"),
    "clerk_book": _("merkantil"),
    "reviewer": _("kontrollør"),
    "operator": _("driftsansvarlig"),
}
BASES: Final[Mapping[str, Text]] = {
    "self": _("innsyn i egne opplysninger"),
    "FO": _("foreldreansvar"),
    "VE": _("vergemål"),
    "clinician": _("behandling"),
    "emergency": _("nødtilgang"),
    "clerk": _("arbeid med brev og post"),
    "clerk_book": _("arbeid med timer"),
    "care_agreement": _("avtale om samarbeid"),
    "reviewer": _("kontroll av nødtilgang"),
    "operator": _("drift av portalen"),
}


def kinds_of(service: str) -> frozenset[str]:
    """The kinds of rows that belong to a service the reader may choose."""
    return SERVICES[service][1] if service in SERVICES else frozenset()
