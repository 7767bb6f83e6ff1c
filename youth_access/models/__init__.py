"""The facts that the portal itself holds about who may see what; what the registers hold lies in `portal.people`."""

from youth_access.models.assessment import ChildWish, Referral, ReferralAssessment
from youth_access.models.grants import Fullmakt, FullmaktNotice, LocalBlock, YouthConsent
from youth_access.models.staff import (
    AccessTask,
    BreakGlass,
    CareTeamMember,
    ConfidentialUnit,
    StaffBlock,
    TreatmentRelation,
)

__all__ = [
    "AccessTask",
    "BreakGlass",
    "CareTeamMember",
    "ChildWish",
    "ConfidentialUnit",
    "Fullmakt",
    "FullmaktNotice",
    "LocalBlock",
    "Referral",
    "ReferralAssessment",
    "StaffBlock",
    "TreatmentRelation",
    "YouthConsent",
]
