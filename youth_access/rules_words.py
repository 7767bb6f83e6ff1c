"""The rules' own terms in words that clinicians and lawyers use. Every term of the table must stand here."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from youth_access.facts import Kind, Service

Words = Mapping[str, Promise]

KINDS: Final[Words] = {
    Kind.SELF: _("pasienten selv"),
    Kind.PARENT: _("forelder med foreldreansvar"),
    Kind.GUARDIAN: _("verge"),
    Kind.PROXY: _("fullmektig"),
    Kind.APPOINTED: _("pårørende med tildelt fullmakt"),
    Kind.PARENT_WITHOUT_RESPONSIBILITY: _("forelder uten foreldreansvar"),
    Kind.UNUSABLE_RESPONSIBILITY: _("den som har foreldreansvar som «andre», «ukjent» eller organisasjon"),
    Kind.CARE_STAFF: _("fosterforelder, institusjon eller barnevern"),
    Kind.STRANGER: _("den som ikke har noen tilknytning, eller ikke har det lenger"),
    Kind.CLINICIAN: _("behandler med behandlingsrelasjon"),
    Kind.EMERGENCY: _("behandler med nødtilgang"),
    Kind.CLERK: _("kontoransatt"),
    Kind.OPERATOR: _("driftsansatt"),
}

SERVICES: Final[Words] = {
    Service.LETTER: _("brev"),
    Service.APPOINTMENT: _("timer"),
    Service.REFERRAL: _("henvisninger"),
    Service.DIALOGUE: _("dialog"),
    Service.JOURNAL: _("journal"),
    Service.FORM: _("skjemaer"),
    Service.LOG: _("innsynslogg"),
    Service.SETTINGS: _("innstillinger"),
    Service.WISHES: _("eget ønske om å holde foreldre utenfor"),
    Service.PROXIES: _("fullmakter og samtykker"),
    Service.LETTER_STATUS: _("status for brev"),
    Service.DELIVERY: _("jobber og levering, uten navn og titler"),
}

CONDITIONS: Final[Words] = {
    "always": _("alltid"),
    "no_parent_at_any_home": _("ingen forelder er registrert på barnets adresse eller delte bosted"),
    "parent_at_second_home_only": _("en forelder bor på barnets delte bosted, men ingen på den registrerte adressen"),
    "outside_period": _("perioden er over, eller har ikke begynt"),
    "protected_on_either_side": _("pasienten eller den som vil representere, har kode 6 eller 7"),
    "blocked_locally": _("ansatte har satt «ingen digital foreldretilgang», eller forelderen er reservert bort"),
    "register_too_old": _("Folkeregisteret har ikke svart om begge det siste døgnet"),
    "assurance_below_high": _("innloggingen er under nivå høyt"),
    "patient_dead": _("pasienten er død"),
    "code_parents_denied": _("dokumentet har koden NORN_FORANS"),
    "code_youth_denied_or_ref_youth_denied": _(
        "dokumentet har koden NORN_UNGDOM, eller henvisningen er nektet den unge"
    ),
    "wish_respected": _("behandler har etterkommet barnets ønske om å holde foreldre utenfor"),
    "wish_pending": _("barnets ønske venter på svar fra behandler. Etter ti dager går saken videre til leder"),
    "ref_parents_denied": _("minst én av henvisningene er nektet foreldrene i denne perioden"),
    "not_assessed": _("ingen henvisning er knyttet til, eller minst én er ikke vurdert"),
    "not_assessed_from_12": _(
        "ingen henvisning er knyttet til, eller minst én er ikke vurdert, og det er ikke kjent at det ble skrevet før "
        "barnet fylte 12 år"
    ),
    "not_assessed_before_12": _(
        "ingen henvisning er knyttet til, eller minst én er ikke vurdert, og det ble skrevet før barnet fylte 12 år"
    ),
    "open_to_youth": _("alle henvisningene er vurdert som åpne"),
    "open_or_to_youth": _(
        "alle henvisningene er vurdert som åpne, eller dialogen eller skjemaet er rettet til den unge"
    ),
    "open_besides_parents": _("alle henvisningene er vurdert, som åpne eller som nektet foreldrene"),
    "open_to_parents": _(
        "alle henvisningene er vurdert som åpne, og dokumentet har ingen annen kode enn N eller NORN_UNGDOM"
    ),
    "open_to_parents_besides_youth": _(
        "alle henvisningene er vurdert, som åpne eller som nektet den unge, og dokumentet har ingen annen kode enn N "
        "eller NORN_UNGDOM"
    ),
    "open_where_assessed": _("ingen av henvisningene er vurdert som noe annet enn åpen"),
    "open_to_parents_where_assessed": _(
        "ingen av henvisningene er vurdert som noe annet enn åpen, og dokumentet har ingen annen kode enn N eller "
        "NORN_UNGDOM"
    ),
    "confidential_without_explicit_open": _(
        "enheten eller typen står på listen over fortrolige, og ingen behandler har satt koden N"
    ),
    "youths_own_thread": _("den unge har startet dialogen, eller den er rettet til den unge"),
    "a_parents_thread": _("en annen, forelder eller verge, har startet dialogen"),
    "own_thread": _("den som spør, har selv startet dialogen"),
    "no_youth_consent_and_not_to_youth": _("ingen forelder har samtykket, og det er ikke rettet til den unge"),
    "consent_of_one_only_and_not_to_youth": _("ikke alle foreldre har samtykket, og det er ikke rettet til den unge"),
    "code_withheld": _(
        "dokumentet har en av kodene NORN_FFL, NORN_KUT, NORN_FPB, NORN_FFH, NORN_ALL, NORN_ANG, NORN_FOR og NORN_DUP"
    ),
    "delayed": _("dokumentet har koden NORU, og tiden er ikke inne"),
    "code_own_wish": _("dokumentet har koden NORN_EPO. Bare pasienten selv kan ta den bort"),
    "unsigned": _("dokumentet er ikke signert eller godkjent"),
    "code_unknown": _("dokumentet har en kode vi ikke kjenner. Drift får alarm"),
    "receiver_under_18": _("den som har fått fullmakten, er eller kan være under 18 år"),
    "outside_area": _("tjenesten er ikke med i det som er gitt"),
    "no_personal_mandate": _("mandatet omfatter ikke personlige forhold"),
    "for_lone_asylum_child": _("vergen er oppnevnt for en enslig mindreårig asylsøker eller flyktning"),
    "not_blocked_for_actor": _("pasienten har ikke sperret for behandleren (NORS)"),
}

REASONS: Final[Words] = {
    "no_relation": _("Ingen kjent tilknytning"),
    "ask_in_writing": _("Be om opplysninger skriftlig"),
    "responsibility_unclear": _("Foreldreansvaret er uklart i Folkeregisteret"),
    "contact_hospital": _("Ta kontakt med sykehuset"),
    "address": _("Ingen forelder bor på barnets adresse"),
    "not_available": _("Ikke tilgjengelig, uten nærmere grunn, så ingenting røpes"),
    "register_unavailable": _("Vi får ikke svar fra Folkeregisteret"),
    "higher_level": _("Logg inn på nivå høyt"),
    "sixteen": _("Barnet har fylt 16 år"),
    "too_young": _("For ung til egen tilgang"),
    "youth_consent": _("En forelder må samtykke"),
    "proxy_age": _("Aldersgrensen for fullmakt"),
    "outside_area": _("Ikke med i fullmakten eller mandatet"),
    "mandate": _("Mandatet gir ikke tilgang"),
    "own": _("Egne opplysninger"),
    "parent": _("Foreldreansvar"),
    "proxy": _("Fullmakt"),
    "appointed": _("Tildelt fullmakt"),
    "guardian": _("Vergemål"),
    "treatment": _("Behandlingsrelasjon"),
    "emergency": _("Nødtilgang, som kontrolleres etterpå"),
    "clerk": _("Kontorarbeid, uten innhold"),
    "operator": _("Drift, uten innhold"),
}

SOURCES: Final[Words] = {
    "L": _("lov"),
    "P": _("praksis i Norge"),
    "S": _("programmets planer"),
    "I": _("vår egen vurdering"),
}
