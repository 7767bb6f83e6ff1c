"""The second ring: a forgotten filter, a join, raw SQL or a shell finds nothing that is another patient's."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Count, Prefetch

from letters.models import Document, Letter, LetterEvent, Posting
from portal.kernel import reach
from portal.outbox import commands as outbox
from portal.outbox import registry
from portal.outbox.work import work
from portal.people.models import Unit
from tests.letters import making

pytestmark = pytest.mark.django_db

ME = "citizen:test"


@pytest.fixture
def two() -> tuple[Letter, Letter]:
    """A letter of one patient and a letter of another."""
    return making.decided(), making.decided()


def _ids(rows: Any) -> set[UUID]:
    return {row.pk for row in rows}


FORGETFUL: dict[str, Callable[[Letter, Letter], set[UUID]]] = {
    "list": lambda mine, other: _ids(Letter.objects.all()),
    "get": lambda mine, other: _ids(Letter.objects.filter(pk=other.pk)),
    "values": lambda mine, other: set(Letter.objects.values_list("pk", flat=True)),
    "aggregate": lambda mine, other: {
        mine.pk if Letter.objects.aggregate(n=Count("pk"))["n"] == 1 else other.pk for _ in range(1)
    },
    "in_bulk": lambda mine, other: set(Letter.objects.in_bulk([mine.pk, other.pk])),
    "first": lambda mine, other: _ids(filter(None, [Letter.objects.exclude(pk=mine.pk).first()])),
    "iterator": lambda mine, other: _ids(Letter.objects.iterator()),
    "union": lambda mine, other: _ids(Letter.objects.filter(pk=mine.pk).union(Letter.objects.filter(pk=other.pk))),
    "join": lambda mine, other: _ids(Letter.objects.filter(events__isnull=False).distinct()),
    "through another model": lambda mine, other: set(LetterEvent.objects.values_list("letter_id", flat=True)),
    "select_related": lambda mine, other: {p.letter.pk for p in Posting.objects.select_related("letter")},
    "prefetch": lambda mine, other: {
        posting.letter_id
        for letter in Letter.objects.prefetch_related(Prefetch("postings", Posting.objects.all()))
        for posting in letter.postings.all()
    },
    "base manager": lambda mine, other: _ids(Letter._base_manager.all()),
    "raw": lambda mine, other: _ids(Letter.objects.raw("SELECT * FROM letters_letter")),
    "documents": lambda mine, other: set(Document.objects.values_list("letter_id", flat=True)),
    "cursor": lambda mine, other: _by_cursor(),
}


def _by_cursor() -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT letter_id FROM letters_posting UNION SELECT id FROM letters_letter")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("way", FORGETFUL)
def test_a_forgotten_filter_finds_the_present_patients_rows_alone(way: str, two: tuple[Letter, Letter]) -> None:
    mine, other = two
    with reach.one_patient(ME, mine.person_id):
        assert FORGETFUL[way](mine, other) <= {mine.pk}


@pytest.mark.parametrize("way", [way for way in FORGETFUL if way != "aggregate"])
def test_without_a_patient_there_is_nothing(way: str, two: tuple[Letter, Letter]) -> None:
    with reach.nobody("visitor"):
        assert FORGETFUL[way](*two) == set()


def test_a_shell_as_the_applications_role_finds_nothing(two: tuple[Letter, Letter]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app")
        for table in ("letters_letter", "letters_document", "letters_posting", "letters_letterevent"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names written above
            assert cursor.fetchone() == (0,), table


def test_following_a_key_to_a_stranger_finds_nothing(two: tuple[Letter, Letter]) -> None:
    mine, other = two
    posting = other.postings.get()
    with reach.one_patient(ME, mine.person_id):
        with pytest.raises(Letter.DoesNotExist):
            other.refresh_from_db()
        with pytest.raises(Posting.DoesNotExist):
            posting.refresh_from_db()


@pytest.mark.parametrize("change", ["update", "delete", "insert"])
def test_a_strangers_rows_cannot_be_changed(change: str, two: tuple[Letter, Letter]) -> None:
    mine, other = two
    with reach.one_patient(ME, mine.person_id):
        if change == "update":
            assert Letter.objects.filter(pk=other.pk).update(title="x") == 0
        elif change == "delete":
            assert Posting.objects.filter(letter_id=other.pk).delete()[0] == 0
        else:
            forged = Letter.objects.get(pk=mine.pk)
            forged.pk, forged.source_key, forged.person_id = uuid4(), "forged", other.person_id
            with pytest.raises((ProgrammingError, DatabaseError)), transaction.atomic():
                forged.save(force_insert=True)
    other.refresh_from_db()
    assert other.title != "x"


def test_jobs_and_the_back_office_reach_all(two: tuple[Letter, Letter]) -> None:
    with reach.everyone("job:test"):
        assert {each.pk for each in two} <= _ids(Letter.objects.all())


def test_the_narrower_reach_ends_where_it_began(two: tuple[Letter, Letter]) -> None:
    mine, other = two
    with reach.everyone("job:test"):
        with reach.one_patient(ME, mine.person_id):
            assert _ids(Letter.objects.all()) == {mine.pk}
        assert {mine.pk, other.pk} <= _ids(Letter.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_setting('portal.reach')")
        assert cursor.fetchone() == (True, "")


def test_a_transaction_that_broke_leaves_nothing_behind(two: tuple[Letter, Letter]) -> None:
    mine, _ = two
    with pytest.raises(IntegrityError), transaction.atomic(), reach.one_patient(ME, mine.person_id):
        Unit.objects.create(resh=mine.unit_id, name="", hospital="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user")
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_on_the_connection_between_transactions() -> None:
    letter = making.decided()
    with reach.one_patient(ME, letter.person_id):
        assert _ids(Letter.objects.all()) == {letter.pk}, "a statement alone gets a transaction of its own"
        with transaction.atomic():
            assert _ids(Letter.objects.all()) == {letter.pk}
        assert _ids(Letter.objects.iterator()) == {letter.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, coalesce(current_setting('portal.reach', true), '')")
        assert cursor.fetchone() == (True, "")


@pytest.fixture
def errand_kind() -> Iterator[Callable[..., None]]:
    names: list[str] = []

    def register(name: str, handler: Callable[[UUID], None], **options: Any) -> None:
        names.append(name)
        registry.errand(name, queue="letters", given_up=lambda subject, code: None, **options)(handler)

    yield register
    for name in names:
        registry._kinds.pop(name)


@pytest.mark.parametrize("bound", [True, False])
def test_an_errand_about_one_patient_reaches_no_other(
    two: tuple[Letter, Letter], errand_kind: Callable[..., None], bound: bool
) -> None:
    mine, other = two
    seen: list[set[UUID]] = []
    patient = {"patient_of": lambda subject: Letter.objects.get(pk=subject).person_id} if bound else {}
    errand_kind(f"test.bound-{bound}", lambda subject: seen.append(_ids(Letter.objects.all())), **patient)
    with transaction.atomic():
        outbox.put(f"test.bound-{bound}", mine.pk)
    work("letters")
    assert seen == [{mine.pk}] if bound else seen[0] >= {mine.pk, other.pk}


def test_every_table_that_leads_to_a_patient_is_guarded() -> None:
    """A new table with a patient in it must say how it is guarded, or stand here with the reason why not."""
    open_on_purpose = {
        "letters_reconciliation",  # figures of whole days
        "youth_access_fullmakt",  # asked for before it is known whose eyes they give
        "youth_access_youthconsent",
        "youth_access_localblock",
        "youth_access_treatmentrelation",
        "youth_access_staffblock",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'"
            " JOIN pg_class t ON t.oid = k.confrelid"
            " WHERE NOT c.relrowsecurity AND c.relkind = 'r'"
            " AND (c.relname LIKE 'letters%%' OR c.relname LIKE 'youth_access%%')"
            " AND t.relname IN ('people_person', 'letters_letter', 'letters_posting', 'youth_access_referral')"
        )
        unguarded = {row[0] for row in cursor.fetchall()}
    assert unguarded <= open_on_purpose
