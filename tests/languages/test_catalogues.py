"""The catalogues say everything that code and templates say, in the same shape, and admit what nobody has read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils import translation
from django.utils.translation import gettext, ngettext

from portal.ui import languages
from tools import messages

TRANSLATED = [code for code in languages.NAMES if code != languages.DEFAULT]
FORMS = {"nn": 2, "se": 3, "en": 2}
SAMPLE_COUNTS = {"nn": (1, 5), "se": (1, 2, 5), "en": (1, 5)}
SAME_IN_ENGLISH = {
    *("Min helse", "ID-porten", "HelseID", "Id", "person", "Status", "Mine", "Type", "Journal", "journal", "Video"),
    *("For %(name)s:", "%(who)s: %(answer)s (%(rule)s)"),
}
BOKMAAL = {
    *("ikke", "fra", "noe", "noen", "hvis", "hva", "hvor", "hvem", "hvorfor", "hvilken", "hvilket", "jeg", "være"),
    *("gjøre", "åpne", "åpnet", "sykehuset", "brevene", "mer", "flere", "sendes", "vises", "hentes", "fortsatt"),
    *("oppgaven", "uleste", "forsiden", "trenger", "disse", "selv", "velg", "språkene", "virker", "frem", "nå"),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|(?<!&)#")
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[^\W\d_]+")


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return messages.wanted()


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(language: str) -> Catalog:
    return messages.kept(language)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each translation beside the text it stands for; a plural's forms beside the plural."""
    for message in messages.entries(catalogue):
        if isinstance(message.id, str):
            yield message.id, messages.forms(message)[0]
        else:
            yield from ((message.id[1], form) for form in messages.forms(message))


def shape(text: str) -> tuple[list[str], list[str]]:
    return sorted(_PLACEHOLDER.findall(text)), sorted(_TAG.findall(text))


def keys(catalogue: Catalog) -> set[object]:
    return {(message.id, message.context) for message in messages.entries(catalogue)}


def test_there_is_a_catalogue_for_every_language_but_the_first() -> None:
    assert sorted(TRANSLATED) == sorted(messages.HEADINGS) == sorted(FORMS)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Påminnelse", "letters/staff_words.py"),
        ("Vi finner ikke siden", "portal/ui/errors.py"),
        ("Vi fant ingen brev", "letters/presenters.py"),
        (("om %(days)s dag", "om %(days)s dager"), "portal/ui/dates.py"),
        ("Hopp til innholdet", "templates/base.html"),
        ("Last ned PDF (%(size)s)", "templates/letters/letter.html"),
    ],
)
def test_every_way_of_marking_a_text_is_found(wanted: Catalog, text: str | tuple[str, str], place: str) -> None:
    message = wanted.get(text if isinstance(text, str) else text[0])
    assert message is not None
    assert message.id == text
    assert place in [path for path, _line in message.locations]


def test_a_plural_in_a_template_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    words = "{% blocktranslate count n=n trimmed %}{{ n }} side{% plural %}{{ n }} sider{% endblocktranslate %}"
    (tmp_path / "templates" / "page.html").write_text("{% load i18n %}" + words, encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    [found] = messages.entries(messages.wanted())
    assert found.id == ("%(n)s side", "%(n)s sider")


def test_nothing_is_missing_and_nothing_is_left_over(wanted: Catalog, catalogue: Catalog) -> None:
    assert sorted(map(str, keys(wanted) - keys(catalogue))) == []
    assert sorted(map(str, keys(catalogue) - keys(wanted))) == []
    assert list(catalogue.obsolete) == []
    assert [message.id for message in messages.untranslated(catalogue)] == []
    assert [message.id for message in messages.entries(catalogue) if message.fuzzy] == []


def test_the_file_is_as_the_tool_writes_it(language: str, wanted: Catalog) -> None:
    """Places of texts may lag behind the code; everything else is the tool's own writing."""
    lines = messages.path_of(language).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith(("#~", "#, fuzzy")) or '"POT-' in line]
    assert messages.report(language, messages.kept(language), messages.brought_up_to_date(language, wanted))[1]


def test_plurals_have_the_forms_of_the_language(language: str, catalogue: Catalog) -> None:
    assert catalogue.num_plurals == FORMS[language]
    plurals = [message for message in messages.entries(catalogue) if not isinstance(message.id, str)]
    assert len(plurals) > 10
    assert {len(messages.forms(message)) for message in plurals} == {FORMS[language]}


def test_placeholders_and_markup_are_untouched(catalogue: Catalog) -> None:
    wrong = [(one, other) for one, other in pairs(catalogue) if shape(one) != shape(other)]
    assert wrong == []


def test_no_translation_has_space_or_markup_gone_astray(catalogue: Catalog) -> None:
    assert [other for _one, other in pairs(catalogue) if other != other.strip() or "  " in other] == []
    assert [one for one, other in pairs(catalogue) if one.endswith(":") != other.endswith(":")] == []
    assert [one for one, other in pairs(catalogue) if one.endswith("?") != other.endswith("?")] == []


def test_babel_finds_nothing_wrong(catalogue: Catalog) -> None:
    assert [(message.id, errors) for message, errors in catalogue.check()] == []


def test_english_is_english() -> None:
    catalogue = messages.kept("en")
    same = {one for one, other in pairs(catalogue) if one == other}
    assert same <= SAME_IN_ENGLISH
    assert [other for _one, other in pairs(catalogue) if re.search("[æøåÆØÅ]", other)] == []


def test_nynorsk_holds_no_words_of_bokmaal() -> None:
    catalogue = messages.kept("nn")
    mixed = {other: BOKMAAL & set(_WORD.findall(other.lower())) for _one, other in pairs(catalogue)}
    assert {text: words for text, words in mixed.items() if words} == {}


def test_northern_sami_says_which_entries_no_native_has_read() -> None:
    catalogue = messages.kept("se")
    assert [message.id for message in messages.entries(catalogue) if not _honest(message)] == []
    assert [other for one, other in pairs(catalogue) if one == other and len(one) > 12] == []


def _honest(message: Message) -> bool:
    """Marked as unread, or by whom and when it was read: "reviewed by Máret Sara, 2026-12-01"."""
    comments = " ".join(message.user_comments)
    return comments == messages.UNREVIEWED or bool(
        re.fullmatch(rf"{messages.REVIEWED} [^,]+, \d{{4}}-\d\d-\d\d", comments)
    )


def test_what_is_shown_is_what_the_catalogue_says(language: str, catalogue: Catalog) -> None:
    """The compiled catalogues are in place, and the framework's own texts do not come before ours."""
    with translation.override(language):
        for message in messages.entries(catalogue):
            if isinstance(message.id, str):
                assert gettext(message.id) == messages.forms(message)[0]
                continue
            one, many = message.id
            for form, count in zip(messages.forms(message), SAMPLE_COUNTS[language], strict=True):
                assert ngettext(one, many, count) == form
