"""Walks the tags of a letter body once and notes everything the rules have something to say about.

Works on the tags as written, before any tree is built, so that nothing a browser would quietly drop escapes, and
so that depth is known before anything recursive touches the body.
"""

from dataclasses import dataclass, field
from typing import Final

from letters import body_rules as rules
from letters.body_markup import End, Oddity, Piece, Start, Text, pieces

_NAME_LIMIT: Final = 40


@dataclass(frozen=True, slots=True)
class Slip:
    """One breach of the rules of markup, and where."""

    code: str
    where: str


@dataclass(slots=True)
class Outline:
    """What one walk over the tags found. `text` is `characters` line by line, white space made plain."""

    pieces: list[Piece] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    characters: str = ""
    text: str = ""
    attribute_values: str = ""


def outline(html: str) -> Outline:
    """Walk over a body whose size is already checked."""
    walk = _Walk()
    for piece in pieces(html):
        walk.meet(piece)
    return walk.finished()


class _Walk:
    def __init__(self) -> None:
        self._result = Outline()
        self._open: list[str] = []
        self._text: list[str] = []
        self._values: list[str] = []
        self._link_has_words: list[bool] = []
        self._deepest = self._tags = self._rows = self._area = 0

    def meet(self, piece: Piece) -> None:
        self._result.pieces.append(piece)
        match piece:
            case Start():
                self._start(piece)
            case End():
                self._end(piece.name)
            case Text():
                self._words(piece.value)
            case Oddity():
                code = piece.code if piece.code in ("comment", "doctype") else "malformed"
                self._slip(code, "" if code == piece.code else piece.code)

    def _slip(self, code: str, where: str) -> None:
        self._result.slips.append(Slip(code, where))

    def _place(self) -> str:
        return self._open[-1] if self._open else rules.BODY

    def _start(self, tag: Start) -> None:
        name = tag.name[:_NAME_LIMIT]
        self._tags += 1
        self._attributes(tag, name)
        if name not in rules.ELEMENTS:
            self._slip("element", name)
            return
        for_closing = rules.IMPLIED_END.get(name, frozenset())
        while self._open and self._open[-1] in for_closing:
            self._open.pop()
        if not self._may_stand_here(name):
            self._slip("misplaced", name)
        if name in rules.BLOCKS or name not in rules.INLINE or name == "br":
            self._text.append("\n")
        self._measure(tag)
        if name in rules.VOID:
            return
        if tag.self_closing:
            self._slip("self_closing", name)
        if name == "a":
            self._link_has_words.append(False)
        self._open.append(name)
        self._deepest = max(self._deepest, len(self._open))

    def _may_stand_here(self, name: str) -> bool:
        place = self._place()
        inside_link_or_heading = name == "a" and "a" in self._open
        nested_table = name == "table" and "table" in self._open
        return name in rules.CHILDREN[place] and not inside_link_or_heading and not nested_table

    def _attributes(self, tag: Start, name: str) -> None:
        for attribute, value in tag.attributes:
            self._values.append(value)
            verdict = rules.attribute_verdict(name, attribute, value)
            if verdict is not None and name in rules.ELEMENTS:
                self._slip(verdict, f"{name}@{attribute[:_NAME_LIMIT]}")
            elif attribute.startswith("on") or attribute == "style":
                self._slip("attribute", f"{name}@{attribute[:_NAME_LIMIT]}")
        if name == "a" and not any(attribute == "href" for attribute, _ in tag.attributes):
            self._slip("link", "a@href")

    def _measure(self, tag: Start) -> None:
        if tag.name == "tr":
            self._rows += 1
        elif tag.name in ("td", "th"):
            spans = dict(tag.attributes)
            self._area += _span(spans.get("colspan")) * _span(spans.get("rowspan"))

    def _end(self, name: str) -> None:
        if name not in rules.ELEMENTS:
            return
        if name not in self._open or name in rules.VOID:
            self._slip("stray_end", name)
            return
        while self._open[-1] != name:
            skipped = self._open.pop()
            if skipped not in rules.END_TAG_OPTIONAL:
                self._slip("misnested", skipped)
        self._open.pop()
        if name == "a" and self._link_has_words and not self._link_has_words.pop():
            self._slip("empty_link", "a")
        if name not in rules.INLINE:
            self._text.append("\n")

    def _words(self, value: str) -> None:
        self._text.append(value)
        if not value.strip():
            return
        if self._place() in rules.WITHOUT_TEXT:
            self._slip("text_misplaced", self._place())
        self._link_has_words = [True] * len(self._link_has_words)

    def finished(self) -> Outline:
        for name in self._open:
            if name not in rules.END_TAG_OPTIONAL:
                self._slip("unclosed", name)
        self._result.characters = "".join(self._text)
        lines = (" ".join(line.split()) for line in self._result.characters.split("\n"))
        self._result.text = "\n".join(line for line in lines if line)
        self._result.attribute_values = "\n".join(self._values)
        measured = {
            "too_many_elements": self._tags > rules.MAX_TAGS,
            "too_deep": self._deepest > rules.MAX_DEPTH,
            "too_many_rows": self._rows > rules.MAX_ROWS,
            "too_many_cells": self._area > rules.MAX_CELL_AREA,
            "too_many_words": len(self._result.text.split()) > rules.MAX_WORDS,
        }
        self._result.limits = [code for code, exceeded in measured.items() if exceeded]
        return self._result


def _span(value: str | None) -> int:
    return min(int(value), rules.MAX_SPAN) if value and value.isascii() and value.isdigit() and len(value) < 4 else 1
