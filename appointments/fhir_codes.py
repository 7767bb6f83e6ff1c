"""The systems and codes that record systems write appointments with: NHN's profile 2.5.4, HL7 Norway, Volven.

Where versions of the profile and NHN's own examples differ, the union of their codes is known here. Set 9179 is not
published with the profile, so any short code of it is taken.
"""

import re
from collections.abc import Mapping
from typing import Final

from appointments import codes

OURS: Final = "https://dis-portal.example/fhir"
TASK: Final = f"{OURS}/appointment-task"
TASK_TYPE: Final = f"{OURS}/task-type"
BOOK: Final = "book-appointment"
CAPACITY: Final = f"{OURS}/StructureDefinition/capacity"
BOOKING: Final = f"{OURS}/StructureDefinition/booking"
BOOKING_PERIOD: Final = f"{OURS}/StructureDefinition/booking-period"
UNIT: Final = f"{OURS}/StructureDefinition/unit"

RESH: Final = "urn:oid:2.16.578.1.12.4.1.4.102"
HER: Final = "urn:oid:2.16.578.1.12.4.1.2"
ORGANISATION: Final = "urn:oid:2.16.578.1.12.4.1.4.101"
ROLE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
MUNICIPAL: Final = f"{codes.VOLVEN}7619"
PRIMARY_REASON: Final = f"{codes.VOLVEN}7621"
NEW_TYPES: Final = "http://helsenorge.no/fhir/CodeSystem/Hn-AppointmentTypeProposed-New-Codes-cs"
SCHEDULE_TYPE: Final = "http://helsenorge.no/fhir/CodeSystem/hn-schedule-type-cs"
CHANNEL: Final = "http://hl7.org/fhir/contact-point-system"
PART_OF: Final = "http://hl7.no/fhir/StructureDefinition/no-basis-partof"
VIRTUAL: Final = frozenset(
    {
        "http://hl7.no/fhir/StructureDefinition/no-basis-virtual-service",
        "http://helsenorge.no/fhir/StructureDefinition/hn-basis-virtual-service",
    }
)
"""The profile names the second in its rules and the first in its slices."""
POSTPONEMENT: Final = "http://helsenorge.no/fhir/StructureDefinition/hn-basis-postponementreason"
CONSULTATION: Final = "http://helsenorge.no/fhir/StructureDefinition/hn-basis-consultationType"
FREE_HORIZON: Final = "http://helsenorge.no/fhir/StructureDefinition/hn-extension-free-slot-planningHorizon"
COMMUNICATION_PARTY: Final = "kommunikasjonspart-Organization"

HOSPITAL: Final = frozenset({codes.SPECIALIST, codes.RADIOLOGY})
HOME: Final = "7"
CATEGORIES: Final = {
    codes.SERVICE_CATEGORY: HOSPITAL,
    MUNICIPAL: frozenset({"3", "4", "5", "6", HOME, "8", "9", "10", "16", "17", "18", "19"}),
}
SHORT_CODE: Final = re.compile(r"[A-Za-z0-9]{1,20}", re.ASCII)
REASONS: Final[Mapping[str, frozenset[str] | None]] = {
    codes.END_OF_WAIT: frozenset({"1", "2", "3", "4", "5", "7", "9"}),
    codes.OLD_REASON: None,
    PRIMARY_REASON: frozenset({"AAT", "AIH", "AAI", "APVAI", "IM"}),
}
HOSPITAL_REASONS: Final = frozenset({codes.END_OF_WAIT, codes.OLD_REASON})
CITIZEN_TYPES: Final = {
    "Ordinær": "Ordinær time",
    "Hastetime": "Hastetime",
    "Video": "Videotime",
    "Tidsvindu": "Tidsvindu",
    "Gruppe": "Gruppetime",
    "Vaksine": "Time for vaksine",
    "Lab": "Time på lab",
    "Koronatest": "Koronatest",
    "Koronavaksine": "Koronavaksine",
    "Hjemmebesok": "Hjemmebesøk",
    "Dagbehandling": "Dagbehandling",
    "Innleggelse": "Innleggelse",
    "Konsultasjon": "Konsultasjon",
    "Poliklinisk": "Poliklinisk time",
}
NEW_TYPE_NAMES: Final = {
    "Poliklinisktime": "Poliklinisk time",
    "Innleggelse": "Innleggelse",
    "Dagbehandling": "Dagbehandling",
    "Konsultasjon": "Konsultasjon",
    "Bildediagnostikk": "Bildediagnostikk",
}
CARE_LEVELS: Final = {
    "1": "Døgnopphold",
    "2": "Dagbehandling",
    "3": "Poliklinisk time",
    "8": "Poliklinisk time",
}
CONTACT_TYPES: Final = {
    "1": "Utredning",
    "2": "Behandling",
    "3": "Kontroll",
    "5": "Indirekte pasientkontakt",
    codes.VIDEO: "Videokonsultasjon",
    codes.TELEPHONE: "Telefonkonsultasjon",
    "12": "Pasientadministrert behandling",
    "13": "Opplæring",
    "14": "Screening",
}
TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    codes.CITIZEN_TYPE: CITIZEN_TYPES,
    NEW_TYPES: NEW_TYPE_NAMES,
    codes.CONTACT_TYPE: CONTACT_TYPES,
    codes.CARE_LEVEL: CARE_LEVELS,
}
"""In the order in which an appointment is named by them."""
TIMETABLE_TYPES: Final[Mapping[str, frozenset[str]]] = {
    codes.SLOT_TYPE: frozenset(
        {
            "Poliklinisktime",
            "Innleggelse",
            "Dagbehandling",
            "Hjemmebesøk",
            "Konsultasjon",
            "Bildediagnostikk",
            "Personlig",
            "Blodbank",
        }
    ),
    SCHEDULE_TYPE: frozenset(
        {"Lab", "Vaksine", "Koronavaksine", "Koronatest", "Behandlertimebok", "Annen", "Blodbank"}
    ),
    codes.CITIZEN_TYPE: frozenset(CITIZEN_TYPES),
}
DIALOGUE_FLAGS: Final = frozenset(
    {codes.Flag.CONFIRM, codes.Flag.CHANGE_BY_DIALOGUE, codes.Flag.DETAILS, codes.Flag.DIALOGUE}
)
FLAG_SPELLINGS: Final = {"CanCancelServiceRequest": codes.Flag.END_REFERRAL.value}
"""The profile spells this code in two ways."""
