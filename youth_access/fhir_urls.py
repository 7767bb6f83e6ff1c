"""Addresses of referrals behind /fhir/, and what the CapabilityStatement says of them."""

from django.urls import path

from portal.fhir.registry import ResourceType, SearchParameter, enter
from youth_access.api import ReferralById, Referrals

urlpatterns = [
    path("ServiceRequest", Referrals.as_view(), name="fhir-referrals"),
    path("ServiceRequest/<str:referral_id>", ReferralById.as_view(), name="fhir-referral"),
]

enter(
    ResourceType(
        name="ServiceRequest",
        interactions=("create", "read", "update"),
        documentation="A referral as far as access goes: patient, unit, clinicians by HPR number, whether it runs. "
        "Known by its identifier; sent again it is brought up to date. A referral at a new unit is not assessed.",
        search=(SearchParameter("identifier", "token", "<system>|<value>, for an update without the portal's id"),),
    )
)
