"""Letters over FHIR: a hospital's system orders one, reads its own order again, and takes it back."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from letters.commands.intake import (
    KeyReused,
    ReferralOfAnother,
    UnknownLetterType,
    UnknownReplaced,
    UnknownUnit,
    receive,
)
from letters.commands.withdrawal import withdraw
from letters.fhir import RefusedOrder, fingerprint_of, key_of, read_order
from letters.fhir_lookups import facts_for, fhir_address
from letters.fhir_revocation import reason_for_revoking
from letters.orders import LetterOrder, ReceivedOrder
from letters.paper_sheets import pages_of
from letters.printability import LETTER_PAGES
from letters.queries.for_sender import order_of, received_order
from portal.audit import commands as audit
from portal.fhir import strict_json
from portal.fhir.elements import as_uuid
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.parsers import ReceivedJson
from portal.fhir.permissions import Need
from portal.fhir.views import FhirView
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError, RetryableError
from portal.people.models import Unit

_RESOURCE = "CommunicationRequest"
# A body of this many characters of HTML fills no more pages than this, whatever it holds.
_SURELY_SHORT = 6000
_PAGES_OF_A_SHORT_LETTER = 6


class LetterOrders(FhirView):
    """`/fhir/CommunicationRequest`."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"POST": ((_RESOURCE, "c"),)}

    def post(self, request: Request) -> Response:
        """Take in a letter: 201, or 200 where the same order was received before, each with its location."""
        source = self.sender().client_id
        received = received_resource(request)
        key = key_of(received.tree, request.headers.get("Idempotency-Key", ""))
        seen = received_order(source, key) if key else None
        if seen is not None:
            if seen.fingerprint != fingerprint_of(received.tree):
                raise _key_reused()
            return _answer(request, 200, seen.letter_id, _as_it_stands(seen, received.tree))
        letter_id, created = _receive(_order(received, key, source))
        shown = {**received.tree, "id": str(letter_id)}
        return _answer(request, 201 if created else 200, letter_id, shown)


class LetterOrderById(FhirView):
    """`/fhir/CommunicationRequest/<id>`; another sender's letter is as unknown as one that does not exist."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"GET": ((_RESOURCE, "r"),), "PUT": ((_RESOURCE, "u"),)}

    def get(self, request: Request, letter_id: str) -> Response:
        """What the sender sent, with the letter's id and whether it has been withdrawn."""
        order = self._own(letter_id)
        self._note_read(order)
        return Response(_as_it_stands(order, _tree(order)))

    def put(self, request: Request, letter_id: str) -> Response:
        """Withdraw the letter; withdrawing it again changes nothing."""
        order = self._own(letter_id)
        if request.headers.get("If-Match"):
            raise refuse(412, "not-supported", "versions", _("Portalen har ikke versjoner av brev. Utelat If-Match."))
        reason = reason_for_revoking(_tree(order), received_resource(request).tree, order.letter_id)
        withdraw(letter_id=order.letter_id, by=Actor("sender", self.sender().client_id), reason=reason)
        return Response(_as_it_stands(self._own(letter_id), _tree(order)))

    def _own(self, letter_id: str) -> ReceivedOrder:
        known = as_uuid(letter_id)
        order = order_of(known, self.sender().client_id) if known else None
        if order is None:
            raise NotFound
        return order

    def _note_read(self, order: ReceivedOrder) -> None:
        by = Actor("sender", self.sender().client_id)
        audit.record(by=by, action="letter.order_read", item_kind="letter", item_id=order.letter_id)


def received_resource(request: Request) -> ReceivedJson:
    """The body, which must be a CommunicationRequest. Raises `FhirRefusal` (400)."""
    received = request.data
    if not isinstance(received, ReceivedJson):
        raise refuse(400, "required", "body-absent", _("Forespørselen mangler innhold."))
    if received.tree.get("resourceType") != _RESOURCE:
        text = _("Ressursen må være en CommunicationRequest.")
        raise refuse(400, "value", "resource-type", text, "resourceType")
    return received


def _order(received: ReceivedJson, key: str, source: str) -> LetterOrder:
    try:
        order = read_order(received.tree, received.raw, key, facts_for(source))
    except RefusedOrder as refused:
        raise FhirRefusal(422, refused.problems) from None
    _fits_on_paper(order)
    return order


def _fits_on_paper(order: LetterOrder) -> None:
    """A long letter is made at once, so that its sender hears of too many pages now and not on day four."""
    enclosed = sum(enclosure.pages for enclosure in order.enclosures)
    if len(order.body_html) < _SURELY_SHORT and enclosed < LETTER_PAGES - _PAGES_OF_A_SHORT_LETTER:
        return
    try:
        pages = pages_of(order, Unit.objects.filter(resh=order.unit_resh).first()) + enclosed
    except FinalError as error:
        text = _("Brevet lot seg ikke lage som PDF.")
        raise refuse(422, "business-rule", error.code.replace("_", "-"), text, f"{_RESOURCE}.payload") from None
    except RetryableError:
        return
    if pages > LETTER_PAGES:
        text = _("Brevet blir %(pages)s sider med vedlegg. Trykkeriet tar høyst %(most)s.") % {
            "pages": pages,
            "most": LETTER_PAGES,
        }
        raise refuse(422, "too-long", "too-many-pages", text, f"{_RESOURCE}.payload")


def _receive(order: LetterOrder) -> tuple[UUID, bool]:
    """Hand the order over; what changed between our check and the command's own is told like any other problem."""
    try:
        reception = receive(order=order, by=Actor("sender", order.source))
    except KeyReused:
        raise _key_reused() from None
    except UnknownLetterType as error:
        raise _overtaken(error, "letter-type-unknown", _("Brevtypen finnes ikke her."), "category") from None
    except UnknownUnit as error:
        raise _overtaken(error, "sender-unknown", _("Enheten finnes ikke her."), "sender.identifier.value") from None
    except UnknownReplaced as error:
        text = _("Brevet som skal erstattes, er ikke ditt brev til denne pasienten.")
        raise _overtaken(error, "replaces-unknown", text, "replaces[0]") from None
    except ReferralOfAnother as error:
        text = _("Henvisningen tilhører en annen pasient.")
        raise _overtaken(error, "referral-of-another", text, "basedOn") from None
    return reception.letter_id, reception.created


def _overtaken(_error: FinalError, code: str, text: str, element: str) -> FhirRefusal:
    return refuse(422, "business-rule", code, text, f"{_RESOURCE}.{element}")


def _key_reused() -> FhirRefusal:
    text = _("Nøkkelen (Idempotency-Key eller identifier) er brukt før, på et brev med annet innhold.")
    return refuse(409, "conflict", "key-reused", text, f"{_RESOURCE}.identifier")


def _tree(order: ReceivedOrder) -> dict[str, Any]:
    limits = strict_json.JsonLimits(depth=settings.FHIR_MAX_DEPTH, nodes=settings.FHIR_MAX_NODES)
    tree: dict[str, Any] = strict_json.read(order.raw, limits)
    return tree


def _as_it_stands(order: ReceivedOrder, tree: dict[str, Any]) -> dict[str, Any]:
    status = tree.get("status") if order.withdrawn_at is None else "revoked"
    return {**tree, "id": str(order.letter_id), "status": status}


def _answer(request: Request, status: int, letter_id: UUID, shown: dict[str, Any]) -> Response:
    """With the location; without the resource where the client prefers `return=minimal`."""
    minimal = "return=minimal" in request.headers.get("Prefer", "").replace(" ", "")
    location = {"Location": f"{fhir_address()}/{_RESOURCE}/{letter_id}"}
    return Response(None if minimal else shown, status=status, headers=location)
