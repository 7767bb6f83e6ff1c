"""Referrals over FHIR: the record system tells of one, of what is new about it, and reads back what was understood."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from portal.audit import commands as audit
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.parsers import ReceivedJson
from portal.fhir.permissions import Need
from portal.fhir.views import FhirView
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Unit
from youth_access.commands import treatment
from youth_access.commands.treatment import Reception, ReferralOrder
from youth_access.fhir import HPR, RESH, RESOURCE, Facts, RefusedReferral, first_identifier, read_referral
from youth_access.models import CareTeamMember, Referral


class Referrals(FhirView):
    """`/fhir/ServiceRequest`: POST a referral, or PUT it by its identifier (`?identifier=system|value`)."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"POST": ((RESOURCE, "c"),), "PUT": ((RESOURCE, "u"),)}

    def post(self, request: Request) -> Response:
        """Take in a referral: 201, or 200 where it is known. What is new about a known one is taken over."""
        return self._take(_resource(request))

    def put(self, request: Request) -> Response:
        """The same, for clients that update by identifier. The query must name the referral in the body."""
        tree = _resource(request)
        asked = request.query_params.getlist("identifier")
        if asked != [first_identifier(tree)]:
            text = _("Adressen må ha identifier=system|value, den samme som i henvisningen.")
            raise refuse(400, "value", "id-mismatch", text, f"{RESOURCE}.identifier")
        return self._take(tree)

    def _take(self, tree: dict[str, Any]) -> Response:
        source = self.sender().client_id
        order = _order(tree, source)
        reception = _receive(order, source)
        status = 201 if reception.outcome == "created" else 200
        return _answer(status, reception.referral_id)


class ReferralById(FhirView):
    """`/fhir/ServiceRequest/<id>`; another sender's referral is as unknown as one that does not exist."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"GET": ((RESOURCE, "r"),), "PUT": ((RESOURCE, "u"),)}

    def get(self, request: Request, referral_id: str) -> Response:
        """The referral as the portal knows it; the patient is not repeated."""
        row = self._own(referral_id)
        by = Actor("sender", self.sender().client_id)
        audit.record(by=by, action="read", item_kind="referral", item_id=row.pk)
        return Response(_shown(row))

    def put(self, request: Request, referral_id: str) -> Response:
        """What is new about the referral: another unit, other clinicians, or that it is over."""
        row = self._own(referral_id)
        tree = _resource(request)
        if tree.get("id") not in (None, str(row.pk)) or first_identifier(tree) != row.source_key:
            text = _("Henvisningen i innholdet er ikke den adressen gjelder.")
            raise refuse(400, "value", "id-mismatch", text, f"{RESOURCE}.identifier")
        source = self.sender().client_id
        reception = _receive(_order(tree, source), source)
        return _answer(200, reception.referral_id)

    def _own(self, referral_id: str) -> Referral:
        try:
            known = UUID(referral_id)
        except ValueError:
            raise NotFound from None
        row = Referral.objects.filter(pk=known, source=self.sender().client_id).first()
        if row is None or str(known) != referral_id.lower():
            raise NotFound
        return row


def _resource(request: Request) -> dict[str, Any]:
    received = request.data
    if not isinstance(received, ReceivedJson):
        raise refuse(400, "required", "body-absent", _("Forespørselen mangler innhold."))
    if received.tree.get("resourceType") != RESOURCE:
        raise refuse(400, "value", "resource-type", _("Ressursen må være en ServiceRequest."), "resourceType")
    return received.tree


def _order(tree: dict[str, Any], source: str) -> ReferralOrder:
    facts = Facts(
        source=source,
        environment=settings.PORTAL_ENV,
        now=clock.now(),
        is_unit=lambda resh: Unit.objects.filter(resh=resh, active=True).exists(),
    )
    try:
        return read_referral(tree, facts)
    except RefusedReferral as refused:
        raise FhirRefusal(422, refused.problems) from None


def _receive(order: ReferralOrder, source: str) -> Reception:
    try:
        return treatment.receive(order=order, by=Actor("sender", source))
    except treatment.Refused as error:
        if error.code == "other-patient":
            text = _("Henvisningen er kjent fra før, for en annen pasient.")
            raise refuse(409, "conflict", "key-reused", text, f"{RESOURCE}.subject") from None
        raise refuse(
            422, "business-rule", "performer-unknown", _("Enheten finnes ikke her."), f"{RESOURCE}.performer"
        ) from None


def _answer(status: int, referral_id: UUID) -> Response:
    location = f"{settings.PORTAL_URL.rstrip('/')}/fhir/{RESOURCE}/{referral_id}"
    row = Referral.objects.get(pk=referral_id)
    return Response(_shown(row), status=status, headers={"Location": location})


def _shown(row: Referral) -> dict[str, Any]:
    system, _bar, value = row.source_key.partition("|")
    standing = CareTeamMember.objects.filter(referral=row, ends_at=None).order_by("hpr_number")
    team = standing.values_list("hpr_number", flat=True)
    performers = [(RESH, row.unit_id), *((HPR, number) for number in team)]
    return {
        "resourceType": RESOURCE,
        "id": str(row.pk),
        "identifier": [{"system": system, "value": value}],
        "status": "active" if row.ended_at is None else "completed",
        "intent": "order",
        "subject": {"display": "withheld"},
        "authoredOn": row.received_at.isoformat(),
        "performer": [{"identifier": {"system": one, "value": other}} for one, other in performers],
    }
