"""What codes, outcomes, reasons and services are called on clinicians' pages about access."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ui.cards import Tone
from youth_access.codes import Code
from youth_access.facts import Kind, Outcome, Service
from youth_access.models import AccessTask, ChildWish

Words = Mapping[str, Promise]

OUTCOMES: Final[dict[str, tuple[Promise, Tone]]] = {
    Outcome.OPEN: (_("Åpen for barnet og foreldrene"), "success"),
    Outcome.PARENTS_DENIED: (_("Nektet foreldrene"), "warning"),
    Outcome.YOUTH_DENIED: (_("Nektet ungdommen"), "danger"),
}
NOT_ASSESSED: Final[tuple[Promise, Tone]] = (_("Ikke vurdert"), "neutral")

REASONS: Final[dict[str, dict[str, Promise]]] = {
    Outcome.OPEN: {
        "nothing_against": _("Ingen grunn til å nekte noen innsyn"),
        "after_period": _("Åpnes etter nektingsperioden"),
    },
    Outcome.PARENTS_DENIED: {
        "wish": _("Barnet vil det ikke, av grunner som bør respekteres (§ 3-4 annet ledd)"),
        "weighty": _("Tungtveiende hensyn til pasienten (§ 3-4 tredje ledd)"),
        "maturity": _("Helsehjelpen samtykker ungdommen til selv (§ 4-3)"),
    },
    Outcome.YOUTH_DENIED: {
        "life": _("Påtrengende nødvendig for å hindre fare for liv eller alvorlig helseskade (§ 5-1)"),
        "close_one": _("Klart utilrådelig av hensyn til noen som står pasienten nær (§ 5-1)"),
    },
}
EVERY_REASON: Final[Words] = {code: word for words in REASONS.values() for code, word in words.items()}

BLOCK_REASONS: Final[Words] = {
    "care_order": _("Barnet er under barnevernets omsorg"),
    "danger": _("Fare for barnet hvis forelderen får innsyn"),
    "contact_ban": _("Forelderen har kontaktforbud eller besøksforbud"),
    "other": _("Annet, se begrunnelsen"),
}
EMERGENCY_REASONS: Final[Words] = {
    "life": _("Fare for liv eller alvorlig helseskade"),
    "acute": _("Akutt behandling nå"),
    "unconscious": _("Pasienten kan ikke svare for seg"),
    "duty": _("Vakt for en annen behandler"),
}
VERDICTS: Final[Words] = {
    "justified": _("Nødtilgangen var berettiget"),
    "not_justified": _("Nødtilgangen var ikke berettiget"),
}
WISHES: Final[dict[str, tuple[Promise, Tone]]] = {
    ChildWish.State.PENDING: (_("Venter på svar"), "warning"),
    ChildWish.State.RESPECTED: (_("Respektert"), "success"),
    ChildWish.State.DECLINED: (_("Ikke etterkommet"), "neutral"),
    ChildWish.State.TAKEN_BACK: (_("Trukket tilbake"), "neutral"),
}
CODES: Final[Words] = {
    Code.OPEN: _("Åpen (N)"),
    Code.PARENTS_DENIED: _("Foreldre nektes innsyn (NORN_FORANS)"),
    Code.YOUTH_DENIED: _("Ungdommen nektes innsyn (NORN_UNGDOM)"),
    Code.LIFE: _("Fare for liv eller alvorlig helseskade (NORN_FFL)"),
    Code.INADVISABLE: _("Klart utilrådelig av hensyn til noen nær pasienten (NORN_KUT)"),
    Code.SOUND_TREATMENT: _("Forsvarlig behandling: pasienten skal få vite det på en annen måte først (NORN_FPB)"),
    Code.STAFF_IN_DANGER: _("Fare for helsepersonell (NORN_FFH)"),
    Code.OWN_WISH: _("Pasienten vil ikke ha det på nett (NORN_EPO)"),
    Code.DELAYED: _("Vises først fra et tidspunkt (NORU)"),
    Code.ALL_DOCUMENTS: _("Alle dokumenter er sperret (NORN_ALL)"),
    Code.OLDER: _("Eldre enn startdatoen (NORN_FOR)"),
    Code.DUPLICATE: _("Finnes fra før (NORN_DUP)"),
    Code.OTHER: _("Annen grunn (NORN_ANG)"),
    Code.STAFF_BLOCKED: _("Sperret for helsepersonell (NORS)"),
}
SET_HERE: Final = (
    Code.OPEN,
    Code.PARENTS_DENIED,
    Code.YOUTH_DENIED,
    Code.SOUND_TREATMENT,
    Code.LIFE,
    Code.INADVISABLE,
    Code.STAFF_IN_DANGER,
    Code.DELAYED,
    Code.OTHER,
)
"""The codes a clinician sets here; the patient's own wish is the patient's, and others come from the record system."""

SERVICES: Final[Words] = {
    Service.LETTER: _("Brev"),
    Service.APPOINTMENT: _("Timer"),
    Service.REFERRAL: _("Henvisning"),
    Service.DIALOGUE: _("Dialog"),
    Service.JOURNAL: _("Journal"),
    Service.FORM: _("Skjema"),
    Service.LOG: _("Innsynslogg"),
    Service.SETTINGS: _("Innstillinger"),
    Service.WISHES: _("Ønske om at foreldre holdes utenfor"),
    Service.PROXIES: _("Fullmakter og samtykker"),
}
ASSIGNABLE: Final = (
    Service.LETTER,
    Service.APPOINTMENT,
    Service.REFERRAL,
    Service.DIALOGUE,
    Service.JOURNAL,
    Service.FORM,
    Service.LOG,
    Service.SETTINGS,
)
"""What an assigned fullmakt may be given for."""
KINDS: Final[Words] = {
    Kind.SELF: _("pasienten selv"),
    Kind.PARENT: _("foreldreansvar"),
    Kind.GUARDIAN: _("verge"),
    Kind.PROXY: _("fullmakt"),
    Kind.APPOINTED: _("tildelt fullmakt"),
    Kind.PARENT_WITHOUT_RESPONSIBILITY: _("forelder uten foreldreansvar"),
    Kind.UNUSABLE_RESPONSIBILITY: _("uavklart foreldreansvar"),
    Kind.STRANGER: _("ikke lenger knyttet til pasienten"),
}
WHY_NOT: Final[Words] = {
    "no_relation": _("Ingen gyldig tilknytning på dette tidspunktet"),
    "ask_in_writing": _("Har ikke foreldreansvar. Kan be om opplysninger skriftlig"),
    "responsibility_unclear": _("Foreldreansvaret er uavklart i Folkeregisteret"),
    "contact_hospital": _("Må kontakte sykehuset"),
    "address": _("Ingen forelder er registrert på barnets adresse"),
    "register_unavailable": _("Folkeregisteret har ikke svart på et døgn"),
    "higher_level": _("Innlogging på lavere nivå enn høyt"),
    "sixteen": _("Barnet er fylt 16 år"),
    "too_young": _("For ung til å bruke tjenesten selv"),
    "youth_consent": _("Ingen forelder har samtykket til ungdommens egen tilgang"),
    "proxy_age": _("Aldersgrensen for fullmakt er ikke nådd"),
    "outside_area": _("Fullmakten gjelder ikke denne tjenesten"),
    "mandate": _("Mandatet omfatter ikke personlige forhold"),
    "age_unknown": _("Fødselsdatoen er ukjent, og alderen avgjør"),
    "not_available": _("Stengt av reglene"),
}
WHY_RULE: Final[Words] = {
    "V07": _("Stengt her: «digital foreldretilgang»"),
    "V12": _("Koden NORN_FORANS er satt"),
    "V12b": _("Koden NORN_FORANS er satt"),
    "V13": _("Barnets ønske er respektert"),
    "V14": _("Barnets ønske venter på svar"),
    "V15": _("Henvisningen er nektet foreldrene"),
    "V16": _("Ikke vurdert"),
    "V16b": _("Ikke vurdert"),
    "V17": _("Konfidensiell enhet, og koden «Åpen (N)» er ikke satt"),
    "V18": _("Foreldre til barn på 12–15 år ser ikke innsynsloggen"),
    "V19": _("Ungdommens egen dialog"),
    "V19b": _("Forelderens egen dialog"),
    "V23": _("Nektet ungdommen"),
    "V24": _("Ikke vurdert"),
    "V25": _("En kode holder det tilbake"),
    "V26": _("Vises først senere"),
    "V27": _("Pasienten vil ikke ha det på nett"),
    "V29": _("Ukjent kode"),
    "V06": _("Adressesperre hos pasienten eller den andre"),
    "V10": _("Pasienten er død"),
    "DEFAULT": _("Ingen regel åpner for dette"),
}
"""Where the rule says more than its reason. For staff only: a citizen never reads in words that something exists."""

TASKS: Final[Words] = {
    AccessTask.Kind.BIRTHDAY: _("Fødselsdag endrer innsyn"),
    AccessTask.Kind.WISH: _("Barnets ønske har ventet lenge på svar"),
    AccessTask.Kind.YOUTH_DENIED: _("Nekting av ungdommen skal vurderes på nytt"),
    AccessTask.Kind.BREAK_GLASS: _("Nødtilgang skal kontrolleres"),
    AccessTask.Kind.UNKNOWN_CODE: _("Ukjent sperrekode fra journalsystemet"),
}
FLAGS: Final[Words] = {
    "oneself": _("Oppslag på seg selv"),
    "family": _("Oppslag på egen familie eller husstand"),
    "colleague": _("Oppslag på en kollega"),
}
LOOKED_AT: Final[Words] = {
    "access.read": _("Pasientens side om innsyn"),
    "access.preview": _("Forhåndsvisning for pårørende"),
    "break_glass.emergency.begun": _("Nødtilgangen begynte"),
    "break_glass.emergency.left": _("Nødtilgangen ble avsluttet"),
    "patient_search.find": _("Søk på fødselsnummer"),
}


def say(words: Words, code: str) -> str:
    """The words for a code; the code itself where nobody has found words for it yet."""
    found = words.get(code)
    return str(found) if found is not None else code


def why_not(rule: str, reason: str) -> str:
    """Why something is closed, in words for staff."""
    return say(WHY_RULE, rule) if rule in WHY_RULE else say(WHY_NOT, reason)


def outcome(code: str | None) -> tuple[str, Tone]:
    """What a referral's assessment is called, and its colour."""
    words, tone = OUTCOMES.get(code, NOT_ASSESSED) if code else NOT_ASSESSED
    return str(words), tone
