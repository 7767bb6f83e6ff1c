"""The way from one service to another's things, which the services do not know of each other.

A service that holds something by its sender's own name ("system|value") asks here for the address of its page;
`portal.flows` registers who answers. The answer is the address where whoever looks may see the thing, else empty:
what may not be seen and what does not exist are answered alike.
"""

from collections.abc import Callable
from typing import Any, Literal

Kind = Literal["letter", "form"]
Answer = Callable[[Any, str], str]
_answers: dict[Kind, Answer] = {}


def register(kind: Kind, answer: Answer) -> None:
    """Let somebody answer for one kind: given who looks (the request's eyes) and the name, the address or nothing."""
    _answers[kind] = answer


def unregister(kind: Kind) -> None:
    """Take an answer out, for tests that put one in."""
    _answers.pop(kind, None)


def address_of(kind: Kind, name: str, looker: object) -> str:
    """The address of the thing's page for whoever looks; empty where there is none for them."""
    answer = _answers.get(kind)
    return answer(looker, name) if answer is not None and name else ""
