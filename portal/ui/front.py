"""Cards beside what waits on the front page. Each service registers its own, with the template that lays it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FrontCard:
    """What one service shows: `card` is what its template asks for by that name, `style` the style sheet it needs."""

    template: str
    card: object
    style: str


Question = Callable[[Any], FrontCard | None]
_questions: dict[str, Question] = {}


def register(key: str, question: Question) -> None:
    """Add a service's question; the same key again takes the place of the first."""
    _questions[key] = question


def unregister(key: str) -> None:
    """Take a question out, for tests that put one in."""
    _questions.pop(key, None)


def cards_for(looker: object) -> list[FrontCard]:
    """The cards that whoever looks is shown, in the order the services registered."""
    return [found for question in _questions.values() if (found := question(looker)) is not None]
