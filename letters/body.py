"""Decides whether the HTML body of a letter may be taken in, and gives it its one fixed form.

Runs synchronously at intake, before anything is stored as a letter: the sender gets every problem at once, each
with the name of the element or attribute. What is stored, shown on screen and printed is `normalise(html)`.
Knows no Django.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import nh3

from letters import body_markup as markup
from letters import body_rules as rules
from letters import body_words as words
from letters.body_outline import Outline, outline
from portal.kernel.errors import FinalError


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """One thing wrong with a body: machine code, the element or `element@attribute`, and plain bokmål."""

    code: str
    element: str
    text: str


class BodyRefused(FinalError):
    """`normalise` was asked for a body that does not pass `check_body`."""

    def __init__(self, problems: tuple[BodyProblem, ...]) -> None:
        super().__init__("body_refused", ", ".join(sorted({problem.code for problem in problems})))
        self.problems = problems


_MARKUP_TEXTS = {
    "element": "Elementet <{0}> er ikke tillatt i brev.",
    "attribute": "Attributtet {0} er ikke tillatt i brev.",
    "class": "Klassen i {0} er ikke blant dem brev kan bruke.",
    "link": "Lenken i {0} må begynne med https:, tel: eller mailto: og være en fullstendig adresse.",
    "value": "Verdien i {0} er ikke gyldig.",
    "misplaced": "Elementet <{0}> står på et sted der det ikke kan stå.",
    "text_misplaced": "Det står tekst rett i <{0}>. Teksten må stå i et element inni.",
    "misnested": "Elementet <{0}> er avsluttet på feil sted.",
    "stray_end": "Sluttmerket </{0}> hører ikke til noe element.",
    "unclosed": "Elementet <{0}> er ikke avsluttet. Er brevet kommet helt fram?",
    "self_closing": "Elementet <{0}/> må skrives med eget sluttmerke.",
    "empty_link": "En lenke mangler tekst.",
    "comment": "HTML-kommentarer er ikke tillatt i brev.",
    "doctype": "Brevteksten skal være et utsnitt, uten <!DOCTYPE>.",
    "malformed": "HTML-koden er ødelagt og kan bli lest feil ({0}).",
}
_LIMIT_TEXTS = {
    "too_large": f"Brevteksten er for stor. Grensen er {rules.MAX_BYTES} byte.",
    "too_many_entities": f"Brevteksten har for mange tegn skrevet med &. Grensen er {rules.MAX_ENTITIES}.",
    "too_many_elements": f"Brevteksten har for mange elementer. Grensen er {rules.MAX_TAGS} merker.",
    "too_deep": f"Elementer ligger for dypt inni hverandre. Grensen er {rules.MAX_DEPTH} nivåer.",
    "too_many_rows": f"Tabellene har for mange rader. Grensen er {rules.MAX_ROWS} til sammen.",
    "too_many_cells": f"Tabellene har for mange celler. Grensen er {rules.MAX_CELL_AREA} til sammen.",
    "too_many_words": f"Brevteksten har for mange ord. Grensen er {rules.MAX_WORDS}.",
}
_WORD_TEXTS = {
    "empty": "Brevet har ingen tekst.",
    "placeholder": "Et felt fra malen er ikke fylt ut: {0}",
    "missing_value": "En verdi fra malen mangler i teksten.",
    "encoding": "Teksten er lest med feil tegnsett, for eksempel «Ã¸» for «ø».",
    "character": "Tegnet {0} kan ikke trykkes.",
    "ambiguous": "Nettlesere kan lese HTML-koden på ulike måter.",
}
_TEXTS = _MARKUP_TEXTS | _LIMIT_TEXTS | _WORD_TEXTS


def check_body(html: str) -> list[BodyProblem]:
    """Every problem with a letter's body, each once; an empty list means it may be taken in."""
    if len(html) > rules.MAX_BYTES or len(html.encode("utf-8", "surrogatepass")) > rules.MAX_BYTES:
        return [_problem("too_large")]
    if html.count("&") > rules.MAX_ENTITIES:
        return [_problem("too_many_entities")]
    drawn = outline(html)
    found = [*_of_markup(drawn), *_of_words(drawn)]
    if not found and not _reads_one_way(html, drawn):
        found = [_problem("ambiguous")]
    return _each_once(found)


def normalise(html: str) -> str:
    """The body in its one fixed form: balanced tags, sorted attributes, composed Unicode.

    Raises BodyRefused where `check_body` finds anything. `normalise(normalise(x)) == normalise(x)`.
    """
    problems = check_body(html)
    if problems:
        raise BodyRefused(tuple(problems))
    return markup.serialise(markup.tree(html)).strip()


def _problem(code: str, element: str = "") -> BodyProblem:
    return BodyProblem(code, element, _TEXTS[code].format(element))


def _of_markup(drawn: Outline) -> Iterator[BodyProblem]:
    for slip in drawn.slips:
        yield _problem(slip.code, slip.where)
    for limit in drawn.limits:
        yield _problem(limit)


def _of_words(drawn: Outline) -> Iterator[BodyProblem]:
    text = drawn.text
    if not words.has_words(text):
        yield _problem("empty")
    for field in words.placeholders(f"{text}\n{drawn.attribute_values}"):
        yield replace(_problem("placeholder", ""), text=_TEXTS["placeholder"].format(field))
    if words.has_missing_value(text):
        yield _problem("missing_value")
    if words.is_damaged(text):
        yield _problem("encoding")
    for character in words.unknown_characters(drawn.characters):
        yield replace(_problem("character", ""), text=_TEXTS["character"].format(character))


def _reads_one_way(html: str, drawn: Outline) -> bool:
    """The tags, the tree, the tree written out and read again, and a second sieve all say the same."""
    body = markup.tree(html)
    if not markup.is_whole(body) or not markup.agrees(drawn.pieces, body):
        return False
    written = markup.serialise(body)
    again = markup.tree(written)
    return markup.serialise(again) == written and markup.serialise(markup.tree(_sieved(written))) == written


def _sieved(html: str) -> str:
    attributes = {"*": {"lang", "class"}} | {name: set(allowed) for name, allowed in rules.ATTRIBUTES.items()}
    return nh3.clean(
        html, tags=set(rules.ELEMENTS), attributes=attributes, url_schemes=set(rules.SCHEMES), link_rel=None
    )


def _each_once(problems: Iterable[BodyProblem]) -> list[BodyProblem]:
    counted = Counter(problems)
    return [
        problem if times == 1 else replace(problem, text=f"{problem.text} ({times} steder)")
        for problem, times in counted.items()
    ]
