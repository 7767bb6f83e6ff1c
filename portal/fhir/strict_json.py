"""Reads JSON that came from outside, refusing what two readers could understand differently.

Duplicate keys, NaN, NUL characters and lone surrogates are refused, and so is what is merely too much: depth, number
of values, size of numbers. Numbers with a decimal point stay `Decimal`, so that their value survives a round trip.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from portal.kernel.errors import FinalError

Json: TypeAlias = Any
"""Whatever JSON can say: its shape is not known before it has been looked at."""

_LONGEST_INTEGER = 30
_STRUCTURE = (b",", b"[", b"{")


class RefusedJson(FinalError):
    """The text is not JSON that this door accepts; `code` says why and never repeats what was sent.

    Codes: `not-utf8`, `not-json`, `duplicate-key`, `number-out-of-range`, `nul-character`, `lone-surrogate`,
    `too-deep`, `too-many-values`.
    """


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How deep and how many values a text may have."""

    depth: int
    nodes: int


def read(raw: bytes, limits: JsonLimits) -> Json:
    """Parse the bytes. Raises `RefusedJson`."""
    if sum(raw.count(sign) for sign in _STRUCTURE) > 10 * limits.nodes:
        raise RefusedJson("too-many-values")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedJson("not-utf8") from None
    try:
        tree = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
    except RecursionError:
        raise RefusedJson("too-deep") from None
    except ValueError:
        raise RefusedJson("not-json") from None
    _check(tree, limits)
    return tree


def canonical(tree: object) -> bytes:
    """The same bytes for the same values, whatever the order of members and the white space were."""
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_decimal_word)
    return text.encode("utf-8")


def fingerprint(tree: object) -> str:
    """SHA-256, in hexadecimal, over the canonical form."""
    return hashlib.sha256(canonical(tree)).hexdigest()


def write(tree: object) -> bytes:
    """JSON for an answer; a `Decimal` becomes a plain number."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), default=_plain).encode("utf-8")


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _decimal_word(value: object) -> str:
    return f"decimal {value}"


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise RefusedJson("duplicate-key")
    return members


def _refuse_constant(_: str) -> None:
    raise RefusedJson("not-json")


def _decimal(text: str) -> Decimal:
    if not math.isfinite(float(text)):
        raise RefusedJson("number-out-of-range")
    return Decimal(text)


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise RefusedJson("number-out-of-range")
    return int(text)


def _check(tree: object, limits: JsonLimits) -> None:
    for count, (depth, value) in enumerate(_walk(tree), start=1):
        if count > limits.nodes:
            raise RefusedJson("too-many-values")
        if depth > limits.depth:
            raise RefusedJson("too-deep")
        if isinstance(value, str):
            _check_text(value)


def _walk(tree: object) -> Iterator[tuple[int, object]]:
    """Every key and value with its depth, without recursion."""
    waiting: list[tuple[int, object]] = [(1, tree)]
    while waiting:
        depth, value = waiting.pop()
        yield depth, value
        if isinstance(value, dict):
            for key, member in value.items():
                yield depth, key
                waiting.append((depth + 1, member))
        elif isinstance(value, list):
            waiting.extend((depth + 1, item) for item in value)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise RefusedJson("nul-character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedJson("lone-surrogate") from None
