"""What states, kinds and causes are called on the clinic's pages, in plain Norwegian."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.codes import END_OF_WAIT
from appointments.models import Request
from appointments.states import Asked, Status
from portal.ui.cards import Tone

Words = Mapping[str, Promise]

STATUSES: Final[dict[str, tuple[Promise, Tone]]] = {
    Status.PROPOSED: (_("Venter på sykehuset"), "warning"),
    Status.BOOKED: (_("Avtalt"), "info"),
    Status.FULFILLED: (_("Møtt"), "success"),
    Status.CANCELLED: (_("Avlyst"), "neutral"),
    Status.NOSHOW: (_("Ikke møtt"), "danger"),
    Status.ENTERED_IN_ERROR: (_("Feilregistrert"), "neutral"),
}
ENDING: Final = _("Blir avlyst nå")
CHANNELS: Final[Words] = {"": _("Oppmøte"), "url": _("Video"), "phone": _("Telefon")}
REQUESTS: Final[Words] = {
    Request.Kind.BOOK: _("Bestilling av time"),
    Request.Kind.MOVE: _("Flytting av time"),
    Request.Kind.CANCEL: _("Avbestilling av time"),
    Request.Kind.CONFIRM: _("Bekreftelse av time"),
    Request.Kind.SHORT_NOTICE: _("Kan komme på kort varsel"),
    Request.Kind.VIDEO: _("Ønsker video i stedet for oppmøte"),
    Request.Kind.YOUTH_WISH: _("Ungdom ønsker en time"),
}
ASKED: Final[dict[str, tuple[Promise, Tone]]] = {
    Asked.WAITING: (_("Venter på svar"), "warning"),
    Asked.FAILED: (_("Kom ikke fram til journalsystemet"), "danger"),
    Asked.ACCEPTED: (_("Godkjent"), "success"),
    Asked.REFUSED: (_("Avslått"), "neutral"),
    Asked.WITHDRAWN: (_("Trukket av pasienten"), "neutral"),
}
MADE_AS: Final[Words] = {
    "self": _("pasienten selv"),
    "FO": _("en forelder"),
    "VE": _("en verge"),
    "FU": _("en med fullmakt"),
    "TD": _("en med tildelt fullmakt"),
}
CANCEL_REASONS: Final[dict[str, Promise]] = {
    f"{END_OF_WAIT}|9": _("Klinikken må avlyse (8445, kode 9: annen årsak)"),
    f"{END_OF_WAIT}|3": _("Pasientene er henvist til et annet sykehus (8445, kode 3)"),
    f"{END_OF_WAIT}|7": _("Pasientene er henvist til en avtalespesialist (8445, kode 7)"),
    f"{END_OF_WAIT}|1": _("Helsehjelpen er alt gitt (8445, kode 1)"),
}
"""Why a day is cancelled, as "system|code" of set 8445 (Ventetid sluttkode)."""
CANCELLED_BY: Final[Words] = {
    "patient": _("av pasienten"),
    "hospital": _("av sykehuset"),
    "system": _("av portalen"),
}
CLASHES: Final[Words] = {
    "resource": _("Overlapper en annen time i samme timebok"),
    "patient": _("Pasienten har en annen time samtidig"),
}
EVENTS: Final[dict[str, tuple[Promise, str, Tone]]] = {
    "appointment.book": (_("Avtalt"), "calendar", "success"),
    "appointment.propose": (_("Ønsket av pasienten"), "calendar", "info"),
    "appointment.received": (_("Mottatt fra journalsystemet"), "enter", "neutral"),
    "appointment.correct": (_("Rettet av journalsystemet"), "wrench", "neutral"),
    "appointment.confirm": (_("Pasienten har bekreftet"), "checkmark-circle", "success"),
    "appointment.move": (_("Flyttet"), "arrows-circlepath", "info"),
    "appointment.change": (_("Endret"), "wrench", "info"),
    "appointment.cancel": (_("Avlyst"), "xmark-octagon", "warning"),
    "appointment.reinstate": (_("Gjelder likevel"), "arrow-undo", "success"),
    "appointment.fulfil": (_("Møtt"), "checkmark-circle", "success"),
    "appointment.miss": (_("Ikke møtt"), "xmark-octagon", "danger"),
    "appointment.strike": (_("Merket som feilregistrert"), "xmark", "warning"),
    "clinic_day.cancel": (_("Dagen avlyst av klinikken"), "calendar", "warning"),
    "clinic_day.failed": (
        _("Avlysningen gikk ikke. Avlys timen i journalsystemet"),
        "exclamationmark-triangle",
        "danger",
    ),
    "clinic_day.told": (_("Journalsystemet har fått vite om avlysningen"), "enter", "neutral"),
    "clinic_day.untold": (
        _("Journalsystemet fikk ikke vite om avlysningen. Avlys timen der også"),
        "exclamationmark-triangle",
        "danger",
    ),
    "codes": (_("Sperrekoder endret"), "padlock-locked", "info"),
    "reminders.stop": (_("Påminnelser stoppet"), "bell", "neutral"),
    "news.created": (_("Varsel om ny time"), "bell", "neutral"),
    "news.moved": (_("Varsel om flyttet time"), "bell", "neutral"),
    "news.changed": (_("Varsel om endret time"), "bell", "neutral"),
    "news.cancelled": (_("Varsel om avlyst time"), "bell", "neutral"),
    "news.answered": (_("Varsel om svar"), "bell", "neutral"),
    "nobody_told": (_("Ingen ble varslet"), "exclamationmark-triangle", "warning"),
    "request.book": (_("Bestilt av pasienten"), "enter", "info"),
    "request.move": (_("Ba om å flytte timen"), "enter", "info"),
    "request.cancel": (_("Ba om å avbestille timen"), "enter", "info"),
    "request.confirm": (_("Bekreftet at de kommer"), "checkmark-circle", "success"),
    "request.short_notice": (_("Kan komme på kort varsel"), "enter", "info"),
    "request.video": (_("Ba om video"), "enter", "info"),
    "request.accept": (_("Ønsket godkjent"), "checkmark-circle", "success"),
    "request.refuse": (_("Ønsket avslått"), "xmark", "warning"),
    "request.fail": (_("Kom ikke fram til journalsystemet"), "exclamationmark-triangle", "danger"),
    "request.withdraw": (_("Ønsket trukket tilbake"), "arrow-undo", "neutral"),
}
"""What happened, in words; a kind that nobody has found words for is shown as `UNNAMED` and its code."""
TOLD: Final[dict[str, tuple[Promise, str, Tone]]] = {
    "told": (_("Varsel sendt"), "bell", "success"),
    "untold": (_("Varsel ble ikke sendt"), "bell", "neutral"),
}
"""The same, for kinds that begin with this word and tell of which notice after it."""
UNNAMED: Final = _("Hendelse: %(code)s")
CAUSES: Final[Words] = {
    "clinic-day": _("Klinikken avlyste dagen"),
    "video": _("Ønske om video godkjent"),
    "dead": _("Pasienten er død"),
}
"""Why, where a code of a cause has words; other causes are for machines and not shown."""


def event(kind: str) -> tuple[str, str, Tone]:
    """What happened, with its icon and tone."""
    found = EVENTS.get(kind) or TOLD.get(kind.partition(".")[0])
    if found is None:
        return str(UNNAMED) % {"code": kind}, "information-square", "neutral"
    what, icon, tone = found
    return str(what), icon, tone


def say(words: Words, code: str) -> str:
    """The words for a code; the code itself where nobody has found words for it yet."""
    found = words.get(code)
    return str(found) if found is not None else code
