"""Reads a stage's books from its database and from its printer."""

from tests.faults.ledger import Books, LetterRow, PostingRow
from tests.faults.stage import Stage
from tests.faults.traffic import Traffic

_LETTERS = """
SELECT l.id::text, l.source_key, l.opened_at IS NOT NULL, coalesce(o.id, 0),
       EXISTS (SELECT 1 FROM letters_clerktask t WHERE t.letter_id = l.id AND t.resolved_at IS NULL)
FROM letters_letter l
LEFT JOIN (SELECT letter_id, min(id) AS id FROM letters_letterevent WHERE kind = 'digital.open' GROUP BY 1) o
  ON o.letter_id = l.id
"""
_POSTINGS = """
SELECT p.letter_id::text, p.key, p.state, p.print_sha256, p.obligatory, coalesce(h.id, 0),
       (SELECT count(*) FROM letters_printreceipt r WHERE r.posting_id = p.id)
FROM letters_posting p
LEFT JOIN (SELECT posting_id, max(id) AS id FROM letters_letterevent WHERE kind = 'postal.hand_over' GROUP BY 1) h
  ON h.posting_id = p.id
"""
UNFINISHED = {
    "letters not yet decided": "SELECT count(*) FROM letters_letter WHERE stage IN ('received', 'rendered')",
    "paper on its way": "SELECT count(*) FROM letters_posting WHERE state NOT IN "
    "('posted', 'held', 'cancelled', 'rejected', 'returned')",
    "errands": "SELECT count(*) FROM outbox_errand WHERE state = 'waiting'",
}


def read(stage: Stage, traffic: Traffic) -> Books:
    """Everything the reckoning needs."""
    return Books(
        sent=dict(traffic.sent),
        opened=frozenset(traffic.opened),
        letters=tuple(LetterRow(*row) for row in stage.rows(_LETTERS)),
        postings=tuple(PostingRow(*row) for row in stage.rows(_POSTINGS)),
        orders=tuple(stage.orders()),
    )


def unfinished(stage: Stage) -> dict[str, int]:
    """What still has to happen, by name."""
    return {name: count for name, query in UNFINISHED.items() if (count := stage.number(query))}
