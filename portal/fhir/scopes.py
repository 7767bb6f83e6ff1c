"""What a token allows, in the words of SMART App Launch: `system/<resource>.<permissions>`.

Both spellings are read: version 1 (`read`, `write`, `*`) and version 2 (letters of `cruds`, in that order).
Version 2's search conditions (`?category=…`) are not offered, and a scope that carries one is unknown.
Source: hl7.org/fhir/smart-app-launch, "Scopes and launch context" 2.2.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SCOPE: Final = re.compile(r"system/(\*|[A-Z][A-Za-z]{0,63})\.(\*|read|write|c?r?u?d?s?)")
_OLD_WORDS: Final = {"read": "rs", "write": "cud", "*": "cruds"}
_LETTERS: Final = "cruds"


@dataclass(frozen=True, slots=True)
class Scope:
    """Letters of `cruds` on one resource type, or on all (`*`); `text` is how it was written."""

    resource: str
    letters: frozenset[str]
    text: str

    def allows(self, resource: str, letter: str) -> bool:
        """Whether this scope alone is enough."""
        return self.resource in ("*", resource) and letter in self.letters


def parse(text: str) -> Scope | None:
    """Read one scope; None where it is not one that this portal knows."""
    match = _SCOPE.fullmatch(text)
    if match is None or not match[2]:
        return None
    return Scope(match[1], frozenset(_OLD_WORDS.get(match[2], match[2])), text)


def allowed(granted: Iterable[str], resource: str, letter: str) -> bool:
    """Whether any of the granted scopes is enough for this interaction."""
    scopes = (parse(text) for text in granted)
    return any(scope is not None and scope.allows(resource, letter) for scope in scopes)


def narrow(asked: Iterable[str], registered: Iterable[str]) -> tuple[str, ...] | None:
    """What may be granted of what was asked; None as soon as one asked scope has nothing in common with it.

    A scope wider than the client's is narrowed to what they share, written as version 2.
    """
    most = [scope for text in registered if (scope := parse(text)) is not None]
    granted: dict[str, None] = {}
    for text in asked:
        shared = _shared(parse(text), most)
        if not shared:
            return None
        granted |= dict.fromkeys(shared)
    return tuple(granted)


def _shared(asked: Scope | None, most: list[Scope]) -> list[str]:
    if asked is None:
        return []
    letters: dict[str, set[str]] = {}
    for scope in most:
        resource = scope.resource if asked.resource == "*" else asked.resource
        both = asked.letters & scope.letters
        if both and scope.resource in ("*", resource):
            letters.setdefault(resource, set()).update(both)
    return [_written(asked, resource, found) for resource, found in letters.items()]


def _written(asked: Scope, resource: str, letters: set[str]) -> str:
    if resource == asked.resource and letters == asked.letters:
        return asked.text
    return f"system/{resource}.{''.join(letter for letter in _LETTERS if letter in letters)}"
