"""The codes of NHN's appointment profile (hn-basis-appointment) and of the Volven sets it names.

Plain values: what is not here is refused at the door, with the element named.
"""

from enum import StrEnum
from typing import Final

FLAG_SYSTEM: Final = "http://helsenorge.no/fhir/CodeSystem/hn-appointment-flag-code-cs"
NOTICE_TAG: Final = "http://helsenorge.no/fhir/varsling"
REMINDER_TAG: Final = "http://helsenorge.no/fhir/paminnelse"
SERVICE_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/service-category"
VOLVEN: Final = "urn:oid:2.16.578.1.12.4.1.1."
CARE_LEVEL: Final = f"{VOLVEN}8406"
CONTACT_TYPE: Final = f"{VOLVEN}8432"
CITIZEN_TYPE: Final = f"{VOLVEN}7617"
END_OF_WAIT: Final = f"{VOLVEN}8445"
OLD_REASON: Final = f"{VOLVEN}9179"
POSTPONEMENT: Final = f"{VOLVEN}8446"
SLOT_TYPE: Final = "http://helsenorge.no/fhir/CodeSystem/hn-scheduleAndSlot-type-cs"

SPECIALIST, RADIOLOGY = "27", "30"
VIDEO, TELEPHONE = "6", "7"
"""Two contact types of set 8432 that are no visit."""


class Flag(StrEnum):
    """What a patient may do with one appointment, as its sender says; nothing is allowed that is not flagged."""

    CANCEL = "cancel"
    CANCEL_WITH_COMMENT = "cancelWithComment"
    CHANGE = "canChangeAppointment"
    CHANGE_BY_DIALOGUE = "canChangeAppointmentDialog"
    SHORT_NOTICE = "canUseShortNotice"
    END_REFERRAL = "canCancelServiceRequest"
    CONFERENCE = "canChangeConferenceType"
    CONFIRM = "canAcknowledge"
    DETAILS = "canHaveAppointmentDetails"
    DIALOGUE = "canInitiateDialog"
