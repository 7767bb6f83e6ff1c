"""The patient opens in the very moment the paper is handed over: 2,000 times, with real threads and connections.

`python -m tests.faults.race`. Four pairs race at once, each pair on a letter of its own: one connection opens it, the
other sweeps and brings it to the printer, as the page and the workers do. Never both with the opening first, and
never neither. FAULTS_RACES says how many.
"""

import os
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import connection, connections, transaction

from tests.faults.ready import prepare
from tests.faults.telling import say, show, show_table

PAIRS = 4
# The way to the printer takes three transactions, an opening one: so the opener waits a little, now less, now more.
OPENER_WAITS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06)


@dataclass
class Count:
    """What the printer was given, and what went wrong."""

    printed: Counter[UUID] = field(default_factory=Counter)
    opened: set[UUID] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(races: int, seed: str) -> bool:
    """Race on so many letters; True when each went exactly one way."""
    show(f"seed {seed}, {races} races")
    with TemporaryDirectory(prefix="dis-portal-race-") as name:
        running = prepare(Path(name))
        try:
            began = time.monotonic()
            letters = _letters(races)
            say(f"{races} letters on screen, their paper waiting")
            count = Count()
            batches = [letters[n::PAIRS] for n in range(PAIRS)]
            with ThreadPoolExecutor(PAIRS) as pool:
                list(pool.map(lambda n: _race_all(batches[n], count, random.Random(f"{seed}-{n}")), range(PAIRS)))
            return _report(letters, count, time.monotonic() - began)
        finally:
            connections.close_all()
            running.discard()


def _letters(count: int) -> list[tuple[UUID, UUID]]:
    """Letters on screen with paper waiting: (letter, posting)."""
    from tests.letters import making

    pid = making.synthetic_pid()
    with transaction.atomic():
        patient = making.person(pid=pid)
    made = [making.decided(patient=patient, pid=pid) for _ in range(count)]
    return [(letter.id, making.posting_of(letter).id) for letter in made]


def _race_all(letters: list[tuple[UUID, UUID]], count: Count, rng: random.Random) -> None:
    with ThreadPoolExecutor(2) as pair:
        for letter, posting in letters:
            gate = threading.Barrier(2)
            waits = rng.choice(OPENER_WAITS)
            runs = [
                pair.submit(_guarded, count, gate, waits, lambda letter=letter: _open(letter, count)),
                pair.submit(_guarded, count, gate, 0.0, lambda posting=posting: _print(posting, count)),
            ]
            for each in runs:
                each.result()
        for _ in range(2):
            pair.submit(connection.close)


def _guarded(count: Count, gate: threading.Barrier, head_start: float, deed: "object") -> None:
    gate.wait()
    time.sleep(head_start)
    try:
        deed()  # type: ignore[operator]  # one of the two lambdas above
    except Exception as error:
        with count.lock:
            count.troubles.append(f"{type(error).__name__}: {error}"[:200])


def _open(letter: UUID, count: Count) -> None:
    from letters.commands import opening
    from letters.models import Letter
    from letters.states import Digital

    reader = Letter.objects.values_list("person_id", flat=True).get(pk=letter)
    if opening.open_letter(letter_id=letter, reader=reader).digital == Digital.OPENED:
        with count.lock:
            count.opened.add(letter)


def _print(posting_id: UUID, count: Count) -> None:
    """What the sweep and the two errands do, with a printer that only counts."""
    from letters.addressing import Recipient
    from letters.commands import fallback, paper
    from letters.commands.paper import Sheets
    from letters.models import Posting
    from portal.kernel import clock

    Posting.objects.filter(pk=posting_id).update(due_at=clock.now())
    fallback.sweep_batch()
    lines = ("Kari Nordli", "Storgata 1", "9008 Tromsø")
    to = Recipient("patient", lines)
    paper.prepare(posting_id=posting_id, outcome=to)
    sheets = Sheets(b"%PDF-1.7", "b" * 64, lines, 1, 1, "d" * 64)
    if paper.begin_hand_over(posting_id=posting_id, outcome=to, sheets=sheets):
        with count.lock:
            count.printed[Posting.objects.values_list("letter_id", flat=True).get(pk=posting_id)] += 1
        paper.note_accepted(posting_id=posting_id, provider_id="P-1", cause="submitted")


def _report(letters: list[tuple[UUID, UUID]], count: Count, seconds: float) -> bool:
    """Paper that another pair's sweep held locked is let fall due once more; then everything must be decided."""
    for letter, posting in letters:
        if letter not in count.printed and letter not in count.opened:
            _print(posting, count)
    firsts = _opened_first()
    both = {letter for letter in count.opened if letter in count.printed}
    wrong = both & firsts
    neither = [letter for letter, _ in letters if letter not in count.opened and letter not in count.printed]
    doubled = [letter for letter, n in count.printed.items() if n > 1]
    even = min(len(both), len(count.opened - both)) * 20 > len(letters)
    rows: list[tuple[str, object]] = [
        ("races", len(letters)),
        ("opened, paper stopped", len(count.opened - both)),
        ("printed, opened a moment after", len(both - wrong)),
        ("both, though the opening was first", len(wrong)),
        ("printed twice", len(doubled)),
        ("neither", len(neither)),
        ("errors", len(count.troubles)),
        ("each side won at least a twentieth", "yes" if even else "NO"),
        ("seconds", f"{seconds:.0f}"),
    ]
    show_table("Opening against fallback", rows)
    for line in count.troubles[:5]:
        show(f"WRONG: {line}")
    return even and not (wrong or neither or doubled or count.troubles)


def _opened_first() -> set[UUID]:
    """Letters whose opening stands before their hand-over in the history, or that have no hand-over."""
    from letters.models import LetterEvent

    places = LetterEvent.objects.order_by("id").values_list("letter_id", "kind")
    seen: dict[UUID, str] = {}
    for letter, kind in places:
        if kind in ("digital.open", "postal.hand_over"):
            seen.setdefault(letter, kind)
    return {letter for letter, kind in seen.items() if kind == "digital.open"}


def main() -> int:
    """Race once."""
    return 0 if run(int(os.environ.get("FAULTS_RACES", "2000")), os.environ.get("FAULTS_SEED") or "race") else 1


if __name__ == "__main__":
    sys.exit(main())
