"""The reckoning: every letter the hospital was told we have, against our rows and the printer's own list, both ways.

Pure, so that the reckoning itself can be tried on books that are wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

AT_PRINTER = frozenset({"accepted", "posted", "returned", "cancel_asked"})
MOVING = frozenset({"waiting", "due", "ready", "submitting", "unknown", "cancel_asked"})


@dataclass(frozen=True)
class LetterRow:
    """One of our letters. `open_event` is the place of its opening in the history, 0 where it was not opened."""

    letter: str
    key: str
    opened: bool
    open_event: int
    has_task: bool


@dataclass(frozen=True)
class PostingRow:
    """One of our paper copies. `last_hand_over` is the place in the history of its last hand-over, 0 for none."""

    letter: str
    key: str
    state: str
    sha256: str
    obligatory: bool
    last_hand_over: int
    receipts: int


@dataclass(frozen=True)
class Books:
    """What everybody holds to be true when all is quiet.

    `sent` is what the hospital got an answer for (key to letter), `opened` what readers got on screen.
    """

    sent: Mapping[str, str]
    opened: frozenset[str]
    letters: tuple[LetterRow, ...]
    postings: tuple[PostingRow, ...]
    orders: tuple[dict[str, Any], ...]


@dataclass
class Reckoning:
    """How many letters went which way, and everything that is wrong, in words."""

    printed: int = 0
    opened: int = 0
    both_late: int = 0
    both_obligatory: int = 0
    held: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    contradictory: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.contradictory)


def reckon(books: Books) -> Reckoning:
    """Go through the books letter by letter and order by order."""
    found = Reckoning()
    _intake(books, found)
    _readers(books, found)
    orders = defaultdict(list)
    for order in books.orders:
        orders[order["letter"]].append(order)
    postings = defaultdict(list)
    for posting in books.postings:
        postings[posting.letter].append(posting)
    for letter in books.letters:
        _letter(letter, postings[letter.letter], orders[letter.letter], found)
    _printer(books, found)
    return found


def _intake(books: Books, found: Reckoning) -> None:
    ours = {row.key.rsplit("|", 1)[-1]: row.letter for row in books.letters}
    found.lost += [f"letter {key} was acknowledged and is not here" for key in books.sent.keys() - ours.keys()]
    found.contradictory += [f"letter {key} came from nowhere" for key in ours.keys() - books.sent.keys()]
    found.contradictory += [
        f"letter {key} has another id" for key in ours if books.sent.get(key, ours[key]) != ours[key]
    ]
    found.doubled += [
        f"letter {key} was taken in twice" for key, n in _times(row.key for row in books.letters) if n > 1
    ]


def _readers(books: Books, found: Reckoning) -> None:
    opened = {row.letter for row in books.letters if row.opened}
    found.lost += [f"the opening of {letter} was shown and is not here" for letter in books.opened - opened]


def _letter(letter: LetterRow, postings: list[PostingRow], orders: list[dict[str, Any]], found: Reckoning) -> None:
    copies = sum(order["copies"] for order in orders)
    if copies > 1:
        found.doubled.append(f"letter {letter.letter} lies {copies} times at the printer")
    elif copies == 1 and letter.opened:
        _both(letter, postings, found)
    elif copies == 1:
        found.printed += 1
    elif letter.opened:
        found.opened += 1
    elif letter.has_task:
        found.held += 1
    else:
        found.lost.append(f"letter {letter.letter} was neither opened, printed nor given to a person")


def _both(letter: LetterRow, postings: list[PostingRow], found: Reckoning) -> None:
    if any(posting.obligatory for posting in postings):
        found.both_obligatory += 1
    elif all(posting.last_hand_over < letter.open_event for posting in postings):
        found.both_late += 1
    else:
        found.contradictory.append(f"letter {letter.letter} was opened before it was handed over, and printed")


def _printer(books: Books, found: Reckoning) -> None:
    theirs = {order["key"]: order for order in books.orders}
    ours = {posting.key: posting for posting in books.postings}
    found.contradictory += [f"order {key} is unknown to us" for key in theirs.keys() - ours.keys()]
    found.doubled += [f"order {key} is printed {o['copies']} times" for key, o in theirs.items() if o["copies"] != 1]
    for key, posting in ours.items():
        if posting.state in MOVING:
            found.lost.append(f"posting {key} stands still in {posting.state}")
        if posting.state in AT_PRINTER and key not in theirs:
            found.lost.append(f"posting {key} is {posting.state} and the printer never had it")
        if key in theirs and posting.state not in AT_PRINTER:
            found.contradictory.append(f"posting {key} is {posting.state} and the printer has it")
        if key in theirs and theirs[key]["sha256"] != posting.sha256:
            found.contradictory.append(f"posting {key} was printed with other bytes")
        if posting.state == "posted" and not posting.receipts:
            found.contradictory.append(f"posting {key} is posted without a receipt")


def _times(keys: Iterable[str]) -> list[tuple[str, int]]:
    return list(Counter(keys).items())
