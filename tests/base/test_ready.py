"""Queries kept ready say the same as the framework's own, for whichever values, on whichever connection."""

from datetime import UTC, datetime
from threading import Thread
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from letters.models import Letter
from portal.kernel.ready import Ready
from tests.letters import making

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def of_patient(patient_id: UUID, since: datetime) -> QuerySet[Letter]:
    rows = Letter.objects.filter(person_id=patient_id, received_at__gte=since)
    return rows.select_related("unit").defer("body_html").annotate(called=F("unit__name")).order_by("received_at")[:5]


@pytest.mark.django_db
def test_it_finds_what_the_framework_finds_and_is_compiled_once() -> None:
    built: list[UUID] = []

    def build(patient_id: UUID, since: datetime) -> QuerySet[Letter]:
        built.append(patient_id)
        return of_patient(patient_id, since)

    ready, letters = Ready(build, place := uuid4(), LONG_AGO), [making.decided() for _ in range(3)]
    for letter in letters:
        with CaptureQueriesContext(connection) as seen:
            (found,) = ready.rows(letter.person_id, letter.received_at)
            shown = (found.pk, found.unit.name, found.called, found.security_codes)  # type: ignore[attr-defined]
        (expected,) = of_patient(letter.person_id, letter.received_at)
        assert shown == (expected.pk, expected.unit.name, expected.unit.name, [])
        assert found.get_deferred_fields() == expected.get_deferred_fields() == {"body_html"}
        assert len(seen) == 1
        assert ready.rows(letter.person_id, datetime(2500, 1, 1, tzinfo=UTC)) == []
    assert built == [place]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection() -> None:
    letter = making.decided()
    found: list[object] = []
    ready = Ready(of_patient, uuid4(), LONG_AGO)
    ready.rows(letter.person_id, letter.received_at)

    def ask() -> None:
        with CaptureQueriesContext(connection) as seen:
            found.extend(ready.rows(letter.person_id, letter.received_at))
        found.append(len(seen))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [letter, 1]


@pytest.mark.parametrize(
    ("rows", "places", "why"),
    [
        (lambda place: Letter.objects.filter(pk=place).values("pk"), [uuid4()], "only rows of a model"),
        (lambda place: Letter.objects.filter(pk=place).prefetch_related("postings"), [uuid4()], "without prefetching"),
        (lambda _place: Letter.objects.filter(title="x"), [uuid4()], "not in the query"),
    ],
)
def test_what_cannot_be_kept_is_refused(rows: object, places: list[object], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        Ready(rows, *places).rows(*places)  # type: ignore[arg-type]
