"""Reads letter HTML the way a browser does, first as tags, then as a tree.

The tags are what the sender wrote; the tree is what a browser makes of them. A body is taken only where the two
agree: then nothing is moved, dropped or invented between the record system, the screen and the paper.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import Final, cast
from xml.etree.ElementTree import Element

import tinyhtml5
from tinyhtml5.constants import Token
from tinyhtml5.tokenizer import HTMLTokenizer

from letters import body_rules as rules

_HARMLESS: Final = frozenset(
    {
        "named-entity-without-semicolon",
        "numeric-entity-without-semicolon",
        "expected-named-entity",
        "expected-numeric-entity",
        "expected-tag-name",
    }
)
"""Slips after which the text still stands as it was written."""

_DECLARATIONS: Final = {Token.COMMENT: "comment", Token.DOCTYPE: "doctype"}


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag, attributes in the order written."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    self_closing: bool


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text, entities resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that is neither tag nor text: a comment, a doctype, or a slip in the markup itself."""

    code: str


Piece = Start | End | Text | Oddity


class _TooManyAttributes(ValueError):
    """A tag with more attributes than any letter needs."""


class _Tokenizer(HTMLTokenizer):  # type: ignore[misc]  # tinyhtml5 carries no types
    """The browser's tokenizer, which compares every attribute of a tag with every other: so there may be but few."""

    def before_attribute_name_state(self) -> bool:
        """One more attribute is about to begin."""
        self._count_attributes()
        return bool(super().before_attribute_name_state())

    def after_attribute_name_state(self) -> bool:
        """The same, after an attribute without a value."""
        self._count_attributes()
        return bool(super().after_attribute_name_state())

    def _count_attributes(self) -> None:
        if len(self.current_token["data"]) > rules.MAX_ATTRIBUTES:
            raise _TooManyAttributes


def pieces(html: str) -> Iterator[Piece]:
    """The body as tags and text.

    The parser gets a stream, never the string: it takes a short string that happens to be a path for a file.
    """
    try:
        for token in _Tokenizer(StringIO(html)):
            piece = _piece(token)
            if piece is not None:
                yield piece
    except _TooManyAttributes:
        yield Oddity("too-many-attributes")
    except (ValueError, LookupError, OverflowError):
        yield Oddity("unreadable")


def _piece(token: dict[str, object]) -> Piece | None:
    kind = token["type"]
    if kind is Token.START_TAG:
        attributes = cast("dict[str, str]", token["data"])
        return Start(str(token["name"]), tuple(attributes.items()), bool(token["selfClosing"]))
    if kind is Token.END_TAG:
        return End(str(token["name"]))
    if kind in (Token.CHARACTERS, Token.SPACE_CHARACTERS):
        return Text(str(token["data"]))
    if kind is Token.PARSE_ERROR:
        return None if token["data"] in _HARMLESS else Oddity(str(token["data"]))
    return Oddity(_DECLARATIONS.get(kind, "unreadable")) if isinstance(kind, Token) else None


def tree(html: str) -> Element:
    """The body as a browser builds it. Only for bodies whose size and depth are checked."""
    document: Element = tinyhtml5.parse(StringIO(f"<!DOCTYPE html><body>{html}"), namespace_html_elements=False)
    return document[1]


def is_whole(body: Element) -> bool:
    """Nothing has slipped out of the body element, as frames and late head elements do."""
    return body.tag == "body" and not body.attrib


def agrees(written: list[Piece], body: Element) -> bool:
    """Whether the tree holds the same elements, attributes and words, in the same order, as was written.

    Only the `tbody` and `tr` that HTML lets a writer leave out may be added.
    """
    starts = [piece for piece in written if isinstance(piece, Start)]
    position = 0
    for element in list(body.iter())[1:]:
        if position < len(starts) and _same(starts[position], element):
            position += 1
        elif element.tag not in ("tbody", "tr") or element.attrib:
            return False
    words = "".join(piece.value for piece in written if isinstance(piece, Text)).split()
    return position == len(starts) and words == "".join(body.itertext()).split()


def _same(start: Start, element: Element) -> bool:
    return start.name == element.tag and dict(start.attributes) == element.attrib


def serialise(element: Element) -> str:
    """The inside of an element as HTML, in one fixed way of writing it, composed Unicode (NFC)."""
    parts = [_text(element.text)]
    for child in element:
        parts.append(_open(child))
        if child.tag not in rules.VOID:
            parts.append(f"{serialise(child)}</{child.tag}>")
        parts.append(_text(child.tail))
    return "".join(parts)


def _open(element: Element) -> str:
    attributes = "".join(f' {name}="{escape(_composed(value))}"' for name, value in sorted(element.attrib.items()))
    return f"<{element.tag}{attributes}>"


def _text(value: str | None) -> str:
    return escape(_composed(value or ""), quote=False)


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value)
