"""Keeps the catalogues of nynorsk, Northern Sami and English in step with the texts in code and templates.

    sh tools/messages.sh            take new texts in and old ones out; says what is left to translate
    sh tools/messages.sh --check    change nothing; the answer is 1 where a catalogue is not complete

The key of an entry is the bokmål text itself. Babel does the work, so no system gettext is needed. The stand-ins and
the filler of the demo speak to evaluators in one language, and are left out.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "locale"
HEADINGS: Final = {"nn": "Nynorsk", "se": "Davvisámegiella (Northern Sami)", "en": "English"}
PLURALS: Final = {
    "nn": "nplurals=2; plural=(n != 1);",
    "se": "nplurals=3; plural=(n == 1 ? 0 : n == 2 ? 1 : 2);",
    "en": "nplurals=2; plural=(n != 1);",
}
UNREVIEWED: Final = "machine-drafted, needs review by a native reader"
REVIEWED: Final = "reviewed by"
"""Begins the comment that takes the place of `UNREVIEWED`: "reviewed by <name>, <date>"."""

_SOURCES: Final = ("appointments", "letters", "portal", "youth_access")
_SPOKEN_TO_EVALUATORS: Final = frozenset({"standin", "standins", "demo", "migrations", "management"})
_PAIR: Final = (1, 2)
_KEYWORDS: Final = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": _PAIR,
    "ngettext_lazy": _PAIR,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def wanted() -> Catalog:
    """Every text that is marked for translation, in the order of the files."""
    catalog = Catalog(charset="utf-8")
    for path, source in _sources():
        where = path.relative_to(ROOT).as_posix()
        for line, text, _comments, context in extract("python", BytesIO(source.encode()), _KEYWORDS):
            if any(text):
                catalog.add(text, locations=[(where, line)], context=context)
    return catalog


def _sources() -> Iterator[tuple[Path, str]]:
    for root in _SOURCES:
        for path in sorted((ROOT / root).rglob("*.py")):
            if _SPOKEN_TO_EVALUATORS.isdisjoint(path.relative_to(ROOT).parts):
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, _as_statements(templatize(path.read_text(encoding="utf-8"), origin=str(path)))


def _as_statements(masked: str) -> str:
    """What the framework makes of a template, without the indentation that would stop a reader of Python."""
    return "\n".join(line.strip() for line in masked.split("\n"))


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def kept(language: str) -> Catalog:
    """The catalogue of a language as it stands in the repository, obsolete entries included."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(catalog: Catalog) -> list[Message]:
    """The entries without the header."""
    return [message for message in catalog if message.id]


def untranslated(catalog: Catalog) -> list[Message]:
    """Entries that lack a text, or one of their plural forms."""
    return [message for message in entries(catalog) if not all(forms(message))]


def forms(message: Message) -> tuple[str, ...]:
    """The translation's forms: one, or one for each plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def brought_up_to_date(language: str, texts: Catalog) -> Catalog:
    """The texts wanted, with the translations kept. New Northern Sami entries are marked as unread by a native."""
    old = kept(language)
    new = Catalog(locale=language, charset="utf-8")
    new.mime_headers = [("Plural-Forms", PLURALS[language])]
    for text in entries(texts):
        known = old.get(text.id, context=text.context)
        comments = known.user_comments if known else []
        if language == "se" and not comments:
            comments = [UNREVIEWED]
        new.add(
            text.id,
            known.string if known else None,
            locations=text.locations,
            user_comments=comments,
            context=text.context,
        )
    return new


def save(language: str, catalog: Catalog) -> None:
    """Write a catalogue so that only changed texts change the file: no dates and no line numbers."""
    body = BytesIO()
    write_po(body, catalog, width=120, omit_header=True, include_lineno=False)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_text(_header(language) + body.getvalue().decode("utf-8").rstrip("\n") + "\n", "utf-8")


def _header(language: str) -> str:
    note = f"# A native reader who has read an entry puts this in place of its comment: {REVIEWED} <name>, <date>\n"
    return (
        f"# {HEADINGS[language]}. Written by tools/messages.sh; translations are kept, everything else is made anew.\n"
        f'{note if language == "se" else ""}msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: DIS-portal\\n"\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )


def _keys(catalog: Catalog) -> set[tuple[object, object]]:
    return {(message.id, message.context) for message in entries(catalog)}


def report(language: str, before: Catalog, after: Catalog) -> tuple[str, bool]:
    """One line about a catalogue, and whether nothing is left to do."""
    new, old = _keys(after) - _keys(before), _keys(before) - _keys(after)
    empty = untranslated(after)
    line = f"{language}: {len(entries(after))} texts, {len(new)} new, {len(old)} gone, {len(empty)} to translate"
    missing = "".join(f"\n    {message.id}" for message in empty)
    return line + missing, not (new or old or empty)


def main(*arguments: str) -> int:
    """Bring the catalogues up to date, or with `--check` only say whether they are."""
    texts = wanted()
    done = []
    for language in HEADINGS:
        after = brought_up_to_date(language, texts)
        line, complete = report(language, kept(language), after)
        sys.stdout.write(f"{line}\n")
        done.append(complete)
        if "--check" not in arguments:
            save(language, after)
    return 0 if all(done) or "--check" not in arguments else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
