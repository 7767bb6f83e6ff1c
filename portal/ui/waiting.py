"""What waits for a person on the front page. Each service registers a question; the front page asks them all."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from portal.ui.cards import TaskCard

Question = Callable[[Any], list[TaskCard]]
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_questions: dict[str, Question] = {}


def register(key: str, question: Question) -> None:
    """Add a service's question; the same key again takes the place of the first."""
    _questions[key] = question


def unregister(key: str) -> None:
    """Take a question out, for tests that put one in."""
    _questions.pop(key, None)


def waiting_for(looker: object) -> list[TaskCard]:
    """Everything that waits for whoever looks, nearest deadline first, and last what has none."""
    cards = [card for question in _questions.values() for card in question(looker)]
    return sorted(cards, key=lambda card: card.due_at or _LAST)
