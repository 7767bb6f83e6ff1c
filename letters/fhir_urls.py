"""Addresses of letters behind /fhir/, and what the CapabilityStatement says of them."""

from django.urls import path

from letters.api import LetterOrderById, LetterOrders
from letters.fhir_communications import CommunicationById, Communications, CommunicationSearch
from portal.fhir.registry import ResourceType, SearchParameter, enter

urlpatterns = [
    path("CommunicationRequest", LetterOrders.as_view(), name="fhir-letters"),
    path("CommunicationRequest/<str:letter_id>", LetterOrderById.as_view(), name="fhir-letter"),
    path("Communication", Communications.as_view(), name="fhir-communications"),
    path("Communication/_search", CommunicationSearch.as_view(), name="fhir-communication-search"),
    path("Communication/<str:letter_id>", CommunicationById.as_view(), name="fhir-communication"),
]

enter(
    ResourceType(
        name="CommunicationRequest",
        interactions=("create", "read", "update"),
        documentation="Orders a letter to a patient. Idempotent by Idempotency-Key or identifier. "
        "The only update is status revoked, which withdraws the letter.",
    )
)
enter(
    ResourceType(
        name="Communication",
        interactions=("read", "search-type"),
        documentation="What became of a letter: on screen, opened, on paper, with the printer's receipts.",
        search=(
            SearchParameter("based-on", "reference", "CommunicationRequest/<id> of the order"),
            SearchParameter("identifier", "token", "<system>|<value> of the order"),
        ),
    )
)
