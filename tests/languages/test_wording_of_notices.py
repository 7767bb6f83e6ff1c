"""What SMS and e-mail say in each language: that something waits, and nothing about what, from whom or for whom."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from portal.ui import languages
from tools import messages

GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TAKING_TWO = set("^{}\\[~]|€")
ONE_PART_OF_GSM_7, ONE_PART_OF_UCS_2 = 160, 70
TELLS_TOO_MUCH = re.compile(
    r"sykehus|sjukehus|hospital|buohcciv|klinikk|clinic|avdeling|department|enhet|eining|\bunit|ossodat|ossodag"
    r"|innkalling|\btime|appointment|gohčču|diibmu|diimmu|\bbrev|letter|reive|reivv|reivi"
    r"|\bnavn|\bnamn|\bname|namma|pasient|patient|lege|doctor|doavtt|behandl|dikšu|helsehjelp|https?:|www|/|%"
)


def texts() -> list[str]:
    """Every text of the module that writes notices, so that a new one is measured too."""
    return [
        str(message.id)
        for message in messages.entries(messages.wanted())
        if "portal/people/neutral_messages.py" in [path for path, _line in message.locations]
    ]


def parts(text: str) -> int:
    """How many SMS a text takes: 160 signs of the telephones' own alphabet, or 70 where it needs another."""
    if set(text) <= GSM_7 | GSM_7_TAKING_TWO:
        return 1 if sum(2 if sign in GSM_7_TAKING_TWO else 1 for sign in text) <= ONE_PART_OF_GSM_7 else 2
    return 1 if len(text.encode("utf-16-be")) // 2 <= ONE_PART_OF_UCS_2 else 2


def test_parts_are_counted_as_telephones_count() -> None:
    assert (parts("æ" * 160), parts("æ" * 161)) == (1, 2)
    assert (parts("€" * 80), parts("€" * 81)) == (1, 2)
    assert (parts("č" * 70), parts("č" * 71)) == (1, 2)


def test_first_notice_reminder_and_subject_are_found() -> None:
    assert len(texts()) >= 3


@pytest.mark.parametrize("code", languages.NAMES)
def test_each_notice_is_one_sms_and_neutral(code: str) -> None:
    with translation.override(code):
        for shown in map(gettext, texts()):
            assert parts(shown) == 1, (len(shown), shown)
            assert not TELLS_TOO_MUCH.search(shown.lower()), shown
            assert "Min helse" in shown


@pytest.mark.parametrize("code", languages.NAMES)
def test_a_reminder_can_be_told_from_the_first(code: str) -> None:
    with translation.override(code):
        shown = [gettext(text) for text in texts()]
    assert len(set(shown)) == len(shown)
