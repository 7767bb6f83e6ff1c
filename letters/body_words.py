"""Looks at the words of a letter for signs that a template was not filled in, or that the text is damaged.

A letter with «Hei {{navn}}» or with an empty body must be refused before anybody can open it. Norwegian quotation
marks are ordinary, so «Min helse» passes; only what looks like the name of a field does not.
"""

import re
from collections.abc import Iterator
from typing import Final

from letters.rendering.typeface import unprintable

_FIELD_WORDS: Final = (
    "navn|fornavn|mellomnavn|etternavn|fullt navn|pasient|pasientnavn|pasientens navn|fødselsdato|fødselsnummer|fnr"
    "|personnummer|adresse|gateadresse|postnummer|postnr|poststed|dato|brevdato|timedato|tid|tidspunkt|klokkeslett"
    "|kl|sted|oppmøtested|rom|etasje|avdeling|seksjon|enhet|sykehus|lege|behandler|saksbehandler|signatur|telefon"
    "|telefonnummer|tlf|epost|e-post|referanse|saksnummer|diagnose|undersøkelse|prosedyre|name|first name|last name"
    "|date|time|place|address|phone|field|value|placeholder|tekst|fritekst"
    "|sett inn[^»\\]>]{0,40}|fyll inn[^»\\]>]{0,40}"
)
_FIELD_SHAPE: Final = r"[^\W_]{1,40}(?:[_.:][^\W_]{1,40}){1,8}|[a-zæøå]{1,40}[A-ZÆØÅ]\w{0,40}|[^\W\d_]{1,40}\d{1,6}"
_NAMED: Final = rf"(?:{_FIELD_WORDS}|{_FIELD_SHAPE})"

_PLACEHOLDERS: Final = tuple(
    re.compile(pattern, re.IGNORECASE if names else 0)
    for pattern, names in (
        (r"\{\{.{0,80}?\}\}|\{\{|\}\}", False),
        (r"\{%.{0,80}?%\}|<%.{0,80}?%>|\{#.{0,80}?#\}", False),
        (r"[$#@%]\{[^{}\n]{0,60}\}|\$\([^()\n]{1,60}\)", False),
        (r"(?<![\w{}$#@%])\{\s*[^\W\d][\w .:-]{0,40}\}|\{\d{0,2}\}", False),
        (r"\[\[.{0,80}?\]\]|\[\[|\]\]", False),
        (r"<<\s*[\w .:-]{1,60}\s*>>", False),
        (rf"«\s*{_NAMED}\s*»", False),
        (rf"«\s*(?:{_FIELD_WORDS})\s*»", True),
        (rf"\[\s*(?:{_FIELD_WORDS})\s*\]", True),
        (rf"<\s*(?:{_FIELD_WORDS})\s*>", True),
        (r"(?<!\w)#[^\W\d_][\w.-]{1,40}#(?!\w)", False),
        (r"(?<!\w)%[^\W\d_][\w.-]{1,40}%(?!\w)", False),
        (r"(?<!\w)@@?[^\W\d_][\w.-]{1,40}@@?(?!\w)", False),
        (r"(?<!\w)__?[^\W\d_]\w{1,40}_(?!\w)", False),
        (r"(?<!\w)\$[^\W\d_][\w.]{1,40}\$?(?!\w)", False),
        (r"(?<!\w)(?:MERGEFIELD|XX{3,}|xx{3,})(?!\w)", False),
        (r"lorem ipsum", True),
    )
)
_SAFE_TO_QUOTE: Final = re.compile(r"[\w\s{}\[\]<>«»#$%@().:|-]{1,40}")

_GREETING: Final = r"\b(?:Kjære|Hei|Til|Dear|Hello|Bures|Buorre beaivi)"
_MISSING: Final = (
    re.compile(rf"{_GREETING}\s+(?:None|null|undefined|nan|N/A)\b", re.IGNORECASE),
    re.compile(rf"{_GREETING}\s+[,!](?:\s|$)"),
    re.compile(r"\[object Object\]|\bNaN\b|\bundefined undefined\b"),
    re.compile(r"(?:^|\n|: ?)\s*(?:None|null|undefined|nan|NULL)\s*(?=\n|$)"),
    re.compile(r"\b(?:kl\.|klokken|klokka)\s+[.,](?:\s|$)", re.IGNORECASE),
)
_DOUBLE_ENCODED: Final = re.compile(r"Ã[¥¦¸˜…†¡\u0080-\u00bf]|â€[™œ\u009d“”¢]|Å¡|Ä\u0091|�")


def has_words(text: str) -> bool:
    """Whether there is anything at all to read."""
    return any(character.isalnum() for character in text)


def placeholders(text: str) -> Iterator[str]:
    """What looks like fields of a template that were never filled in, each quoted only if it is a bare name."""
    seen: set[str] = set()
    for pattern in _PLACEHOLDERS:
        for match in pattern.finditer(text):
            found = match.group().strip()
            shown = found if _SAFE_TO_QUOTE.fullmatch(found) else f"{found[:2]}…"
            if shown not in seen:
                seen.add(shown)
                yield shown


def has_missing_value(text: str) -> bool:
    """Whether a value is missing where a program would have put one: «Kjære None», «Hei ,»."""
    return any(pattern.search(text) for pattern in _MISSING)


def is_damaged(text: str) -> bool:
    """Whether the text was decoded with the wrong character set on its way here: «fÃ¸r»."""
    return _DOUBLE_ENCODED.search(text) is not None


def unknown_characters(text: str) -> list[str]:
    """Characters our typefaces cannot print, or that hide or turn text, as `U+202E`; sorted, each once."""
    return [f"U+{ord(character):04X}" for character in unprintable(text)]
