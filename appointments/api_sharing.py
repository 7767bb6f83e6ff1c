"""Busy times for other health services with an agreement: `POST /fhir/Appointment/_search`.

Only by form: the patient's number must not stand in an address, where logs and proxies would keep it.
"""

from typing import ClassVar, Final

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from appointments.commands import staff_looking
from appointments.fhir_sharing import bundle, read_period
from appointments.queries import busy
from portal.fhir.elements import Findings
from portal.fhir.errors import FhirRefusal, refuse
from portal.fhir.permissions import Need
from portal.fhir.search import SearchFormParser, alternatives, refuse_unknown, repeated
from portal.fhir.views import FhirView
from portal.kernel import clock
from portal.people.fhir_patient import read_patient
from portal.people.numbers import IdentityNumber

PATIENT: Final = "patient.identifier"
DATE: Final = "date"


class BusyTimes(FhirView):
    """`/fhir/Appointment/_search`: when a patient whom the caller's agreement covers is busy."""

    needs: ClassVar[dict[str, tuple[Need, ...]]] = {"POST": (("Appointment", "s"),)}
    parser_classes = (SearchFormParser,)

    def post(self, request: Request) -> Response:
        """A Bundle; empty for a patient nobody knows, nobody agreed on, or who has nothing planned.

        Refused (403) for a system without an agreement, whoever it asks about.
        """
        client_id, now = self.sender().client_id, clock.now()
        refuse_unknown(request, {PATIENT, DATE})
        number = _patient(request)
        period = read_period(repeated(request, DATE), now)
        found = busy.busy(client_id, number, period.first, period.last, now)
        if found is None:
            raise refuse(
                403, "forbidden", "no-agreement", _("Systemet har ingen avtale om å se når pasienter er opptatt.")
            )
        staff_looking.note_busy_times(
            client_id=client_id, person_id=found.person_id, name=found.asker, covered=found.covered
        )
        return Response(bundle(found.times, f"{settings.PORTAL_URL.rstrip('/')}/fhir"))


def refuse_number_in_address(request: Request) -> None:
    """For searches by GET: a patient's number does not belong in an address. Raises `FhirRefusal` (400)."""
    if any(name.startswith("patient") for name in request.query_params):
        text = _("Søk etter en pasient med POST til /fhir/Appointment/_search. Nummeret skal ikke stå i adressen.")
        raise refuse(400, "not-supported", "search-by-post", text)


def _patient(request: Request) -> IdentityNumber:
    values = [] if PATIENT in request.query_params else alternatives(request, PATIENT)
    if len(values) != 1:
        text = _("Søk med patient.identifier=<system>|<value> for én pasient, i skjemaet og ikke i adressen.")
        raise refuse(400, "required", "search-patient", text)
    system, _bar, value = values[0].partition("|")
    problems = Findings("Appointment")
    identifier = {"identifier": {"system": system, "value": value}}
    number = read_patient(identifier, settings.PORTAL_ENV, problems, PATIENT)
    if number is None or problems.problems:
        raise FhirRefusal(400, problems.problems)
    return number
