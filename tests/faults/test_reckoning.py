"""The reckoning finds what is wrong in books that are wrong; a drill is worth no more than this."""

from dataclasses import replace
from typing import Any

import pytest

from tests.faults.ledger import Books, LetterRow, PostingRow, Reckoning, reckon

READ = LetterRow("read", "https://x|B-1", opened=True, open_event=5, has_task=False)
PAPER = LetterRow("paper", "https://x|B-2", opened=False, open_event=0, has_task=False)
HELD = LetterRow("held", "https://x|B-3", opened=False, open_event=0, has_task=True)
STOPPED = PostingRow("read", "k-1", "cancelled", "", obligatory=False, last_hand_over=0, receipts=0)
POSTED = PostingRow("paper", "k-2", "posted", "aa", obligatory=False, last_hand_over=7, receipts=2)
WAITS = PostingRow("held", "k-3", "held", "", obligatory=False, last_hand_over=0, receipts=0)
ORDER: dict[str, Any] = {"letter": "paper", "key": "k-2", "sha256": "aa", "copies": 1}
GOOD = Books(
    sent={"B-1": "read", "B-2": "paper", "B-3": "held"},
    opened=frozenset({"read"}),
    letters=(READ, PAPER, HELD),
    postings=(STOPPED, POSTED, WAITS),
    orders=(ORDER,),
)


def counts(found: Reckoning) -> tuple[int, int, int]:
    return len(found.lost), len(found.doubled), len(found.contradictory)


def test_good_books_are_clean() -> None:
    found = reckon(GOOD)
    assert found.clean
    assert (found.opened, found.printed, found.held) == (1, 1, 1)


@pytest.mark.parametrize("opened_at_event", [9])
def test_an_opening_after_the_hand_over_is_no_contradiction(opened_at_event: int) -> None:
    late = replace(PAPER, opened=True, open_event=opened_at_event)
    found = reckon(replace(GOOD, letters=(READ, late, HELD)))
    assert found.clean
    assert found.both_late == 1


def test_reserved_paper_goes_although_the_letter_was_opened() -> None:
    early = replace(PAPER, opened=True, open_event=3)
    found = reckon(
        replace(GOOD, letters=(READ, early, HELD), postings=(STOPPED, replace(POSTED, obligatory=True), WAITS))
    )
    assert found.clean
    assert found.both_obligatory == 1


WRONG: dict[str, tuple[Books, tuple[int, int, int]]] = {
    "a letter vanished": (replace(GOOD, letters=(READ, PAPER), postings=(STOPPED, POSTED)), (1, 0, 0)),
    "a letter from nowhere": (replace(GOOD, sent={"B-1": "read", "B-2": "paper"}), (0, 0, 1)),
    "another id than acknowledged": (replace(GOOD, sent={**GOOD.sent, "B-1": "other"}), (0, 0, 1)),
    "an opening was forgotten": (replace(GOOD, opened=frozenset({"read", "held"})), (1, 0, 0)),
    "neither opened nor printed": (replace(GOOD, letters=(READ, PAPER, replace(HELD, has_task=False))), (1, 0, 0)),
    "printed twice under one key": (replace(GOOD, orders=(ORDER | {"copies": 2},)), (0, 2, 0)),
    "printed under two keys": (replace(GOOD, orders=(ORDER, ORDER | {"key": "k-9"})), (0, 1, 1)),
    "opened first and printed": (
        replace(GOOD, letters=(READ, replace(PAPER, opened=True, open_event=3), HELD)),
        (0, 0, 1),
    ),
    "we believe it printed": (replace(GOOD, orders=()), (2, 0, 0)),
    "the printer has what we stopped": (
        replace(GOOD, postings=(STOPPED, replace(POSTED, state="cancelled"), WAITS)),
        (0, 0, 1),
    ),
    "other bytes": (replace(GOOD, orders=(ORDER | {"sha256": "bb"},)), (0, 0, 1)),
    "stands still": (replace(GOOD, postings=(STOPPED, POSTED, replace(WAITS, state="ready"))), (1, 0, 0)),
    "posted without a receipt": (replace(GOOD, postings=(STOPPED, replace(POSTED, receipts=0), WAITS)), (0, 0, 1)),
    "taken in twice": (
        replace(GOOD, letters=(READ, PAPER, HELD, replace(READ, letter="again")), sent={**GOOD.sent, "B-1": "again"}),
        (0, 1, 0),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_books_are_found_out(name: str) -> None:
    books, expected = WRONG[name]
    assert counts(reckon(books)) == expected
