"""What became of letters: `/fhir/Communication`, for the system that sent them and no other."""

from typing import ClassVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from letters.fhir_lookups import fhir_address, find_by_identifier
from letters.fhir_status import communication, searchset
from letters.orders import LetterStatus
from letters.queries.for_sender import status_for_source
from portal.fhir.elements import as_uuid, local_id
from portal.fhir.errors import refuse
from portal.fhir.permissions import Need
from portal.fhir.search import SearchFormParser, alternatives, refuse_unknown
from portal.fhir.views import FhirView

_PARAMETERS = ("based-on", "identifier")
# Who may read its orders may read what became of them, so either scope will do.
_READ: tuple[Need, ...] = (("Communication", "r"), ("CommunicationRequest", "r"))
_SEARCH: tuple[Need, ...] = (("Communication", "s"), ("CommunicationRequest", "s"))


class CommunicationById(FhirView):
    """`GET /fhir/Communication/<id>`; the id is the letter's own."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"GET": _READ}

    def get(self, request: Request, letter_id: str) -> Response:
        """One letter's fate."""
        return Response(communication(_status(letter_id, self.sender().client_id)))


class Communications(FhirView):
    """`GET /fhir/Communication?based-on=CommunicationRequest/<id>` or `?identifier=<system>|<value>`."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"GET": _SEARCH}

    def get(self, request: Request) -> Response:
        """A Bundle.

        An order that does not exist, or is another's, is 404; an identifier that nothing carries finds nothing.
        """
        return Response(_found(request, self.sender().client_id))


class CommunicationSearch(FhirView):
    """`POST /fhir/Communication/_search`: the same, with the parameters in a form."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"POST": _SEARCH}
    parser_classes = (SearchFormParser,)

    def post(self, request: Request) -> Response:
        """A Bundle."""
        return Response(_found(request, self.sender().client_id))


def _found(request: Request, source: str) -> dict[str, object]:
    refuse_unknown(request, set(_PARAMETERS))
    given = {name: values for name in _PARAMETERS if (values := alternatives(request, name))}
    if not given:
        text = _("Søk med based-on=CommunicationRequest/<id> eller identifier=<system>|<value>.")
        raise refuse(400, "required", "search-empty", text)
    letters = [_status(_order_id(value), source) for value in given.get("based-on", [])]
    if "identifier" in given:
        wanted = set(_with_system(given["identifier"]))
        letters = [one for one in letters or _by_identifiers(wanted, source) if wanted & set(one.identifiers)]
    query = urlencode({name: ",".join(values) for name, values in given.items()})
    return searchset(fhir_address(), f"{fhir_address()}/Communication?{query}", letters)


def _by_identifiers(wanted: set[str], source: str) -> list[LetterStatus]:
    ids = dict.fromkeys(one for identifier in sorted(wanted) for one in find_by_identifier(source, identifier))
    found = (status_for_source(letter_id, source) for letter_id in ids)
    return [status for status in found if status is not None]


def _with_system(values: list[str]) -> list[str]:
    if not all(system and value for system, _bar, value in (one.partition("|") for one in values)):
        raise refuse(400, "value", "search-identifier", _("Oppgi identifier som <system>|<value>."))
    return values


def _order_id(value: str) -> str:
    """The letter's id out of a reference, with or without its type."""
    known = as_uuid(value) or local_id(value, "CommunicationRequest", fhir_address())
    return str(known or "")


def _status(letter_id: str, source: str) -> LetterStatus:
    known = as_uuid(letter_id)
    status = status_for_source(known, source) if known else None
    if status is None:
        raise NotFound
    return status
