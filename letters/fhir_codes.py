"""The systems and codes that letters are written with in FHIR. Sources: HL7 Norway's basis profiles, code set 9603."""

from typing import Final

LETTER_TYPE: Final = "https://dis-portal.example/fhir/letter-type"
WITHDRAWAL_REASON: Final = "https://dis-portal.example/fhir/withdrawal-reason"
STATUS_REASON: Final = "https://dis-portal.example/fhir/letter-status-reason"
STRUCTURE: Final = "https://dis-portal.example/fhir/StructureDefinition"
PARTICIPATION_MODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
DATA_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
RESH: Final = "urn:oid:2.16.578.1.12.4.1.4.102"
FNR: Final = "urn:oid:2.16.578.1.12.4.1.4.1"

WITHDRAWAL_REASONS: Final = frozenset({"feil-pasient", "feil-innhold", "ikke-aktuelt", "annet"})
WITHDRAWN_WITHOUT_REASON: Final = "annet"

LANGUAGES: Final = {
    "nb": "nb",
    "nb-no": "nb",
    "no": "nb",
    "no-no": "nb",
    "nn": "nn",
    "nn-no": "nn",
    "se": "se",
    "se-no": "se",
    "en": "en",
    "en-gb": "en",
    "en-us": "en",
}
