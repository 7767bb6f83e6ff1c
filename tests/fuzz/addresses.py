"""Every address of the portal, read from the URL resolver, and values for the parts that vary."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

from tests.fuzz.nasty import TEXTS, pick_text

PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")

LISTED = frozenset(
    {
        "", "sprak/", "innsyn/", "innsyn/innstillinger/", "om/", "om/tilgjengelighet/", "om/personvern/",
        "drift/", "drift/aerend/<uuid:errand_id>/", "livez", "readyz", "metrics",
        "logg-inn/", "logg-inn/svar/", "logg-inn/tid-igjen/", "logg-ut/", "logg-ut/utlopt/", "logg-ut/idporten/",
        "logg-inn/ansatt/", "logg-inn/ansatt/svar/", "logg-inn/pa-nytt/", "logg-inn/pa-nytt/videre/",
        "logg-ut/helseid/", "innsyn/bekreft/<str:name>/",
        "paa-vegne-av/", "paa-vegne-av/velg/", "paa-vegne-av/tilbake/", "innsyn/ikke-sendt/<str:name>/",
        "innsyn/fullmakter/", "innsyn/fullmakter/ny/", "innsyn/fullmakter/ny/bekreft/",
        "innsyn/fullmakter/<uuid:fullmakt_id>/avslutt/", "innsyn/samtykke/", "innsyn/samtykke/endre/",
        "innsyn/fortsett/", ".well-known/idporten-jwks.json",
        "timer/", "timer/bestill/", "timer/bestill/<uuid:schedule_id>/",
        "timer/bestill/bekreft/<uuid:reservation_id>/", "timer/onske/", "timer/kalender/", "timer/kalender/ny/",
        "timer/kalender/<uuid:feed_id>/avslutt/", "timer/kalender/<str:token>.ics",
        "timer/kvittering/<uuid:request_id>/", "timer/kvittering/<uuid:request_id>/trekk/",
        "timer/<uuid:appointment_id>/", "timer/<uuid:appointment_id>/bekreft/",
        "timer/<uuid:appointment_id>/kort-varsel/", "timer/<uuid:appointment_id>/video/",
        "timer/<uuid:appointment_id>/endre/",
        "timer/<uuid:appointment_id>/endre/bekreft/<uuid:reservation_id>/",
        "timer/<uuid:appointment_id>/avlys/", "timer/<uuid:appointment_id>/kalender.ics",
        "brev/", "brev/sok/", "brev/<uuid:letter_id>/", "brev/<uuid:letter_id>/pdf",
        "brev/<uuid:letter_id>/vedlegg/<int:number>/", "kvitteringer/trykk/", "kvitteringer/varsel/",
        "behandler/", "behandler/brev/", "behandler/brev/finn/", "behandler/brev/funnet/", "behandler/brev/grupper/",
        "behandler/brev/grupper/<slug:reason>/<slug:type_code>/", "behandler/brev/<uuid:letter_id>/",
        "behandler/brev/<uuid:letter_id>/oppgave/<uuid:task_id>/ta/",
        "behandler/brev/<uuid:letter_id>/oppgave/<uuid:task_id>/legg-tilbake/",
        "behandler/brev/<uuid:letter_id>/oppgave/<uuid:task_id>/lukk/",
        "behandler/brev/<uuid:letter_id>/oppgave/<uuid:task_id>/prov-igjen/",
        "behandler/brev/<uuid:letter_id>/papir/<uuid:posting_id>/frigi/",
        "behandler/brev/<uuid:letter_id>/papir/<uuid:posting_id>/stopp/",
        "behandler/brev/<uuid:letter_id>/papir/<uuid:posting_id>/send-pa-nytt/",
        "behandler/brev/<uuid:letter_id>/papir/<uuid:posting_id>/avklar/",
        "behandler/timer/", "behandler/timer/uke/", "behandler/timer/onsker/",
        "behandler/timer/onsker/<uuid:request_id>/", "behandler/timer/avlys/", "behandler/timer/apne/",
        "behandler/timer/ledig/<uuid:slot_id>/steng/", "behandler/timer/<uuid:appointment_id>/",
        "behandler/tilgang/", "behandler/tilgang/<uuid:patient_id>/",
        "behandler/tilgang/<uuid:patient_id>/behandler/<uuid:clinician_id>/sperr/",
        "behandler/tilgang/<uuid:patient_id>/forhandsvis/",
        "behandler/tilgang/<uuid:patient_id>/fullmakt/<uuid:fullmakt_id>/avslutt/",
        "behandler/tilgang/<uuid:patient_id>/fullmakt/ny/",
        "behandler/tilgang/<uuid:patient_id>/henvisning/<uuid:referral_id>/vurder/",
        "behandler/tilgang/<uuid:patient_id>/koder/<slug:service>/<uuid:item_id>/",
        "behandler/tilgang/<uuid:patient_id>/onske/<uuid:wish_id>/svar/",
        "behandler/tilgang/<uuid:patient_id>/onske/ny/",
        "behandler/tilgang/<uuid:patient_id>/oppgave/<uuid:task_id>/lukk/",
        "behandler/tilgang/<uuid:patient_id>/sperre/<uuid:block_id>/opphev/",
        "behandler/tilgang/<uuid:patient_id>/stengt/<uuid:block_id>/apne/",
        "behandler/tilgang/<uuid:patient_id>/stengt/ny/",
        "behandler/tilgang/<uuid:patient_id>/vurdering/<uuid:assessment_id>/avslutt/", "behandler/tilgang/finn/",
        "behandler/tilgang/ingen-relasjon/", "behandler/tilgang/kontroll/",
        "behandler/tilgang/kontroll/<uuid:break_glass_id>/", "behandler/tilgang/kontroll/nekting/<uuid:task_id>/",
        "behandler/tilgang/nodtilgang/", "behandler/tilgang/nodtilgang/<uuid:break_glass_id>/avslutt/",
        "behandler/tilgang/regler/", "fhir/ServiceRequest", "fhir/ServiceRequest/<str:referral_id>",
        "oauth/token", "fhir/metadata", "fhir/.well-known/smart-configuration",
        "fhir/CommunicationRequest", "fhir/CommunicationRequest/<str:letter_id>", "fhir/Communication",
        "fhir/Communication/_search", "fhir/Communication/<str:letter_id>", "fhir/",
        "fhir/Appointment", "fhir/Appointment/_search", "fhir/Appointment/<str:appointment_id>",
        "fhir/Schedule", "fhir/Schedule/<str:schedule_id>", "fhir/Slot", "fhir/Slot/<str:slot_id>",
        "fhir/Task", "fhir/Task/<str:invitation_id>",
    }
)  # fmt: skip
"""What the fuzz knows. A new address must be entered here; the framework's own below `admin/` enter by themselves."""

ADMIN = "admin/"


def all_routes() -> list[str]:
    """Every route of the URL configuration, outermost part first."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        else:
            yield here


@dataclass(frozen=True)
class Known:
    """Identifiers that exist, so that many requests get past the first look-up."""

    ids: tuple[str, ...]

    def path(self, route: str, random: Random) -> str:
        """The route with its parts filled in, rightly for the most part; percent-encoded."""
        filled = PART.sub(lambda part: quote(self._value(part["kind"] or "str", part["name"], random), safe="%"), route)
        filled = filled.replace("^", "").replace("$", "").replace("(?P<url>.*)", quote(pick_text(random)))
        return f"/{filled}"

    def _value(self, kind: str, name: str, random: Random) -> str:
        if random.random() < 0.12:
            return pick_text(random)
        if kind == "uuid" or name == "letter_id":
            return random.choice(self.ids)
        if kind == "int":
            return random.choice(["0", "1", "2", "32768", "2147483648", str(2**63), "9" * 40, "9" * 4400, "01"])
        if kind == "slug":
            return random.choice(
                ["given_up", "innkalling", "no_address", "x" * 300, "finnes-ikke", "protected_address"]
            )
        return random.choice([*self.ids, "1", *TEXTS])
