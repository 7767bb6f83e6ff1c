"""Two clerks press stop while the dispatcher hands over: whoever commits first decides, and there is one outcome."""

import threading
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, transaction

from letters.addressing import Recipient
from letters.commands import clerk, paper
from letters.commands.clerk_marks import NotPossible
from letters.commands.paper import Sheets
from letters.models import LetterEvent, Posting
from letters.states import Postal
from tests.letters import making
from tests.letters_staff import cases

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
LINES = ("Kari Nordli", "Storgata 1", "9008 Tromsø")


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all of them at the same moment, each on a connection of its own; what each gave or raised."""
    barrier = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = deed()
        except NotPossible as error:
            results[number] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def hand_over(posting_id: UUID) -> bool:
    sheets = Sheets(pdf=b"%PDF-1.7 x", sha256="b" * 64, window=LINES, pages=2, sheets=1, address_digest="d" * 64)
    return paper.begin_hand_over(posting_id=posting_id, outcome=Recipient("patient", LINES), sheets=sheets)


def test_two_stops_and_a_hand_over_at_once() -> None:
    with transaction.atomic():
        one, two = cases.clerk().pk, cases.clerk("Bo Eriksen").pk
        postings = [making.ready(making.posting_of(cases.letter_on_paper())) for _round in range(ROUNDS)]
    for posting in postings:
        answers = at_once(
            partial(clerk.stop, posting_id=posting.pk, by=one, note="n"),
            partial(clerk.stop, posting_id=posting.pk, by=two, note="n"),
            partial(hand_over, posting.pk),
        )
        state = Posting.objects.values_list("state", flat=True).get(pk=posting.pk)
        moves = list(LetterEvent.objects.filter(posting=posting, kind__in=["postal.cancel", "postal.hand_over"]))
        assert len(moves) == 1, answers
        if state == Postal.CANCELLED:
            assert sorted(map(str, answers)) == ["False", "stopped", "too-late"]
        else:
            assert state == Postal.SUBMITTING
            assert answers == ["too-late", "too-late", True]


def test_two_second_approvals_at_once_release_once() -> None:
    with transaction.atomic():
        one, two, three = (cases.clerk(name).pk for name in ("A", "B", "C"))
        posting = cases.held("protected_address")
    assert at_once(*(partial(clerk.release, posting_id=posting.pk, by=who, note="n") for who in (one, one))) in (
        [False, "second-person-needed"],
        ["second-person-needed", False],
    )
    answers = at_once(*(partial(clerk.release, posting_id=posting.pk, by=who, note="n") for who in (two, three)))
    assert sorted(map(str, answers)) == ["True", "not-in-that-state"]
    assert LetterEvent.objects.filter(kind="postal.release").count() == 1
