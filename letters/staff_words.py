"""What codes, states and causes are called on clerks' pages, in plain Norwegian.

"Sendt i posten" is said of one state only, and that state comes from the printer's receipt and nothing else.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.models import ClerkTask
from letters.states import Digital, NoticeState, Postal, Stage
from portal.ui.cards import Tone

Words = Mapping[str, Promise]

REASONS: Final[Words] = {reason.value: reason.label for reason in ClerkTask.Reason}

POSTAL: Final[dict[str, tuple[Promise, Tone]]] = {
    Postal.WAITING: (_("Venter på at pasienten åpner brevet"), "neutral"),
    Postal.DUE: (_("Skal sendes. Adressen hentes nå"), "info"),
    Postal.HELD: (_("Holdt igjen"), "warning"),
    Postal.READY: (_("Klart for trykkeriet"), "info"),
    Postal.SUBMITTING: (_("Leveres til trykkeriet nå"), "info"),
    Postal.UNKNOWN: (_("Ukjent: vi vet ikke om trykkeriet fikk brevet"), "danger"),
    Postal.ACCEPTED: (_("Trykkeriet har tatt imot brevet"), "info"),
    Postal.POSTED: (_("Sendt i posten"), "success"),
    Postal.RETURNED: (_("Kommet i retur"), "warning"),
    Postal.REJECTED: (_("Ble ikke trykt"), "danger"),
    Postal.CANCEL_ASKED: (_("Vi har bedt trykkeriet stoppe brevet"), "warning"),
    Postal.CANCELLED: (_("Stoppet"), "neutral"),
}
DIGITAL: Final[dict[str, tuple[Promise, Tone]]] = {
    Digital.NONE: (_("Ikke lagt ut på skjerm"), "neutral"),
    Digital.AVAILABLE: (_("Lagt ut, ikke åpnet"), "info"),
    Digital.OPENED: (_("Åpnet"), "success"),
    Digital.HIDDEN: (_("Tatt bort fra skjermen"), "warning"),
}
STAGES: Final[Words] = {
    Stage.RECEIVED: _("Mottatt, PDF lages"),
    Stage.RENDERED: _("PDF laget, sendemåte ikke valgt"),
    Stage.DECIDED: _("Sendemåte valgt"),
    Stage.STUCK: _("Stoppet på vei inn"),
}
NOTICES: Final[dict[str, tuple[Promise, Tone]]] = {
    NoticeState.QUEUED: (_("Venter"), "neutral"),
    NoticeState.SENT: (_("Levert til formidleren"), "info"),
    NoticeState.DELIVERED: (_("Kom fram"), "success"),
    NoticeState.FAILED: (_("Kom ikke fram"), "danger"),
    NoticeState.UNCONFIRMED: (_("Ubekreftet: ingen svar fra formidleren"), "warning"),
    NoticeState.DROPPED: (_("Ikke nødvendig lenger"), "neutral"),
}
CHANNELS: Final[Words] = {"sms": _("SMS"), "email": _("E-post")}
ROUNDS: Final[Words] = {
    "first": _("Første varsel"),
    "reminder": _("Påminnelse"),
    "opened_up": _("Varsel om at sperringen er over"),
}
RELATIONS: Final[Words] = {
    "self": _("Pasienten"),
    "FO": _("Forelder"),
    "VE": _("Verge"),
    "FU": _("Fullmektig"),
    "TD": _("Tildelt fullmakt"),
}
ADDRESSEES: Final[Words] = {"patient": _("Pasienten"), "parent": _("Forelder")}
RECEIPTS: Final[Words] = {
    "received": _("Tatt imot av trykkeriet"),
    "posted": _("Levert til Posten"),
    "returned": _("Kom i retur"),
    "failed": _("Avvist av trykkeriet"),
    "cancelled": _("Stoppet hos trykkeriet"),
}
RULES: Final[Words] = {
    "not-in-population-register": _("Pasienten finnes ikke i Folkeregisteret"),
    "deceased": _("Pasienten er død"),
    "age-unknown": _("Alderen er ukjent, så vi vet ikke hvem som skal ha brevet"),
    "withheld": _("Avsenderen har merket brevet med sperring eller nekting"),
    "unknown-code": _("Avsenderen har brukt en sperrekode vi ikke kjenner"),
    "parents-denied": _("Under 16 år: foreldrene skal ikke se brevet, og ingen andre kan lese det på skjerm"),
    "young-reader": _("Under 16 år: på skjerm for den som kan se det der"),
    "young-reader-and-paper": _("Under 16 år: på skjerm, men ingen kan varsles i tide"),
    "child-under-12": _("Barn under 12 år: papir til forelder"),
    "youth-12-15": _("Ungdom 12–15 år: papir til ungdommen"),
    "patient-wants-nothing-electronic": _("Pasienten ønsker ikke noe elektronisk"),
    "corrects-a-letter-already-on-paper": _("Retter et brev som alt er på vei på papir"),
    "reserved": _("Pasienten har reservert seg mot digital post"),
    "reserved-service-message": _("Pasienten har reservert seg, men dette er en servicemelding"),
    "not-an-active-user": _("Pasienten bruker ikke portalen"),
    "cannot-be-notified-digital-only": _("Kan ikke varsles, og brevtypen sendes ikke på papir"),
    "cannot-be-notified": _("Pasienten kan ikke varsles"),
    "must-arrive-soon": _("Brevet må være framme snart: både skjerm og papir"),
    "type-is-digital-only": _("Brevtypen sendes bare digitalt"),
    "digital-first": _("Skjerm først, papir hvis brevet ikke åpnes"),
}
ROUTES: Final[Words] = {
    "none": _("Ikke på papir"),
    "wait": _("Papir hvis brevet ikke åpnes i tide"),
    "now": _("Papir med en gang"),
    "hold": _("Papir, men holdt igjen til noen har sett på det"),
}
FACTS: Final[Words] = {
    "registered": _("Finnes i Folkeregisteret"),
    "deceased": _("Er død"),
    "age": _("Alder"),
    "active_user": _("Har brukt portalen de siste 18 månedene"),
    "reserved": _("Reservert mot digital post"),
    "can_be_notified": _("Kan varsles, sier Kontakt- og reservasjonsregisteret"),
    "fresh_channels": _("Kontaktpunkter bekreftet de siste 18 månedene"),
    "important": _("Viktig brevtype"),
    "falls_back": _("Brevtypen kan gå på papir"),
    "security_codes": _("Sperring eller nekting"),
    "parents_denied": _("Regel som holder foreldre utenfor"),
    "readers": _("Hvem som kan se brevet"),
    "paper_at_once": _("For kort tid til å vente på åpning"),
    "too_late": _("Papir rekker ikke fram i tide"),
    "corrects_paper": _("Retter et brev som er på papir"),
}
CAUSES: Final[Words] = {
    **REASONS,
    **RULES,
    "limit-ran-out": _("Fristen for å åpne gikk ut"),
    "all-notices-failed": _("Ingen varsler kom fram"),
    "cannot-be-notified": _("Pasienten kan ikke varsles lenger"),
    "newly-reserved": _("Pasienten har reservert seg"),
    "opened": _("Brevet ble åpnet"),
    "no-reader-left": _("Ingen kan lese brevet på skjerm lenger"),
    "may-not-be-told": _("Den som skulle varsles, kan ikke se brevet lenger"),
    "opened-up": _("Sperringen gjelder ikke lenger, så veien er valgt på nytt"),
    "handed_over": _("Gitt til pasienten"),
    "opened-or-withdrawn": _("Brevet var åpnet eller trukket tilbake"),
    "superseded": _("Erstattet av et nytt brev"),
    "withdrawn": _("Brevet er trukket tilbake"),
    "stopped-by-clerk": _("Stoppet av en ansatt"),
    "settled-by-clerk": _("Avklart med trykkeriet på telefon"),
    "to-be-telephoned": _("Pasienten skal ringes"),
    "telephoned": _("Pasienten er ringt"),
    "dropped": _("Skal ikke sendes"),
    "found-at-printer": _("Funnet hos trykkeriet"),
    "printer-has-no-such-order": _("Trykkeriet har det ikke"),
    "printer-confirmed": _("Bekreftet av trykkeriet"),
    "other-content": _("Trykkeriet har et annet innhold"),
    "reconciliation": _("Funnet i den nattlige kontrollen"),
    "submitted": _("Levert direkte"),
    "worker-lost": _("Leveringen ble avbrutt"),
    "no-report": _("Ingen svar fra formidleren"),
    "not-needed": _("Ikke nødvendig lenger"),
    "receipt-received": _("Kvittering fra trykkeriet"),
    "receipt-posted": _("Kvittering fra trykkeriet"),
    "receipt-returned": _("Kvittering fra trykkeriet"),
    "receipt-failed": _("Kvittering fra trykkeriet"),
    "receipt-cancelled": _("Kvittering fra trykkeriet"),
}
# kind of event: words, icon, tone
EVENTS: Final[dict[str, tuple[Promise, str, Tone]]] = {
    "received": (_("Mottatt fra avsenderen"), "inbox", "neutral"),
    "rendered": (_("PDF laget"), "file-pdf", "neutral"),
    "stuck": (_("Brevet stoppet på vei inn"), "exclamationmark-triangle", "danger"),
    "decided": (_("Sendemåte valgt"), "clipboard-checkmark", "info"),
    "withdrawn": (_("Trukket tilbake"), "arrow-undo", "warning"),
    "given_up": (_("Portalen ga opp"), "exclamationmark-triangle", "danger"),
    "digital.publish": (_("Lagt ut på skjerm"), "envelope-closed", "info"),
    "digital.open": (_("Åpnet"), "envelope-open", "success"),
    "digital.hide": (_("Tatt bort fra skjermen"), "eye", "warning"),
    "notice.queued": (_("Varsler lagt i kø"), "bell", "neutral"),
    "notice.send": (_("Varsel levert til formidleren"), "bell", "neutral"),
    "notice.deliver": (_("Varsel kom fram"), "bell", "success"),
    "notice.fail": (_("Varsel kom ikke fram"), "bell", "danger"),
    "notice.go_silent": (_("Ingen svar om varselet"), "bell", "warning"),
    "notice.drop": (_("Varsel ikke nødvendig lenger"), "bell", "neutral"),
    "postal.begin": (_("Papirutgave opprettet"), "printer-small", "neutral"),
    "postal.fall_due": (_("Papir skal sendes"), "hourglass", "info"),
    "postal.hold": (_("Papir holdt igjen"), "pause", "warning"),
    "postal.release": (_("Papir frigitt"), "play", "info"),
    "postal.prepare": (_("Mottaker og adresse funnet"), "person-envelope", "neutral"),
    "postal.cancel": (_("Papir stoppet"), "stop", "warning"),
    "postal.hand_over": (_("Levering til trykkeriet begynte"), "printer-small", "info"),
    "postal.not_sent": (_("Trykkeriet svarte ikke. Brevet ble ikke levert"), "arrows-circlepath", "warning"),
    "postal.lose_reply": (_("Svaret fra trykkeriet uteble"), "exclamationmark-triangle", "danger"),
    "postal.not_found": (_("Trykkeriet hadde ikke brevet"), "arrows-circlepath", "warning"),
    "postal.accept": (_("Trykkeriet tok imot brevet"), "printer-small", "info"),
    "postal.reject": (_("Ble ikke trykt"), "xmark-octagon", "danger"),
    "postal.post": (_("Sendt i posten"), "envelope-closed", "success"),
    "postal.return": (_("Kom i retur"), "arrow-undo", "warning"),
    "postal.ask_cancel": (_("Trykkeriet ble bedt om å stoppe brevet"), "pause", "warning"),
    "postal.confirm_cancel": (_("Trykkeriet stoppet brevet"), "stop", "warning"),
    "clerk.first_approval": (_("Første godkjenning av to"), "checkmark-circle", "info"),
    "clerk.released": (_("Besluttet: frigi"), "play", "info"),
    "clerk.stop_asked": (_("Besluttet: stopp"), "stop", "info"),
    "clerk.sent_again": (_("Besluttet: send på nytt"), "arrows-circlepath", "info"),
    "clerk.settled": (_("Avklart med trykkeriet"), "phone", "info"),
    "clerk.tried_again": (_("Besluttet: prøv igjen"), "arrows-circlepath", "info"),
    "clerk.to_phone": (_("Satt på ringelisten"), "phone", "info"),
    "codes": (_("Sperrekoder endret"), "padlock-locked", "info"),
    "delay_over": (_("Tiden brevet skulle holdes tilbake, er over"), "hourglass", "neutral"),
    "read_for": (_("Lest på vegne av pasienten"), "person", "info"),
    "clerk.task_handed_over": (_("Oppgave lukket: brevet er gitt til pasienten"), "checkmark-circle", "success"),
    "clerk.task_telephoned": (_("Oppgave lukket: pasienten er ringt"), "phone", "success"),
    "clerk.task_dropped": (_("Oppgave lukket: brevet skal ikke sendes"), "xmark", "info"),
    "clerk.task_other": (_("Oppgave lukket: ordnet på annen måte"), "checkmark-circle", "info"),
}


def say(words: Words, code: str) -> str:
    """The words for a code; the code itself where nobody has found words for it yet."""
    found = words.get(code)
    return str(found) if found is not None else code


def cause(code: str) -> str:
    """The words for a cause; a copy sent again names the copy before it in its cause, and that is not shown."""
    if code.startswith("opened-up:"):
        return str(CAUSES["opened-up"])
    if code.startswith("again:"):
        return gettext("Sendt på nytt etter en beslutning")
    found = CAUSES.get(code)
    return str(found) if found is not None else gettext("Kode: %(code)s") % {"code": code}


def yes_no(answer: object) -> str:
    """Ja or nei."""
    return gettext("Ja") if answer else gettext("Nei")
