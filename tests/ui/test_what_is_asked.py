"""The checks of a page find what they are asked for and nothing they are not, and a profile begins empty."""

import pytest
from playwright.sync_api import Browser

from tests.ui.browser import PHONE, Asked, OpenPage, assert_no_axe_violations, new_context, put_away

PALE = '<p style="color:#bbb;background:#fff">Bleke ord</p>'
GLASS = '<div style="opacity:.3"><p style="background:#fff">Ord</p></div>'
SMALL_AND_PALE = '<p style="color:#888;font-size:32px">Store ord</p><p style="color:#888;font-size:14px">Små ord</p>'
PLAIN_LINKS = """<style>a { color: #00c; text-decoration: none }</style><nav><a href="/">Et sted</a></nav>
<p>Her står det mange ord, og midt i dem <a href="/">et annet sted</a> som ikke er lett å se.</p>"""
CROWDED = "<button style='width:9px;height:9px;padding:0;border:0;display:block'>a</button>" * 3
NAMELESS = "<button></button>"
PAGE = "<!doctype html><html lang=nb><title>Prøve</title><main><h1>Prøve</h1>{}</main></html>"


@pytest.mark.parametrize(
    ("asked", "part", "finds"),
    [
        ("everything", PALE, "color-contrast"),
        ("everything", NAMELESS, "button-name"),
        ("colours", PALE, "color-contrast"),
        ("colours", NAMELESS, ""),
        ("all but colours", PALE, ""),
        ("all but colours", NAMELESS, "button-name"),
        ("everything", "<p>Ord</p>", ""),
        ("everything", PLAIN_LINKS, "link-in-text-block"),
        ("everything", CROWDED, "target-size"),
        ("colours", "<p>Ord</p>" + GLASS, "color-contrast"),
        ("colours", SMALL_AND_PALE, "color-contrast"),
        ("colours", '<p aria-hidden=true style="color:#bbb">Pynt</p>' + PALE, "color-contrast"),
        ("colours", '<p style="visibility:hidden;color:#bbb;background:#fff">Borte</p>' + PALE, "color-contrast"),
        (
            "colours",
            '<p style="height:0;overflow:hidden;color:#bbb;background:#fff">Borte</p>' + PALE,
            "color-contrast",
        ),
        ("colours", '<p style="position:absolute;color:#bbb;background:#fff">Oppå</p>' + PALE, "color-contrast"),
        ("colours", PLAIN_LINKS, "link-in-text-block"),
        ("all but colours", PLAIN_LINKS, ""),
    ],
)
def test_a_check_finds_what_it_is_asked_for(open_page: OpenPage, asked: Asked, part: str, finds: str) -> None:
    page = open_page("about:blank")
    page.set_content(PAGE.format(part))
    if not finds:
        assert_no_axe_violations(page, asked=asked)
        return
    with pytest.raises(AssertionError, match=finds):
        assert_no_axe_violations(page, asked=asked)


def test_what_was_good_on_one_page_is_not_good_on_another_ground(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    words = '<p style="color:#767676">Grå ord</p>'
    page.set_content(PAGE.format(f'<div style="background:#fff">{words}</div>'))
    assert_no_axe_violations(page, asked="colours")
    for ground in ("background:#ccc", "background:#fff;opacity:.5"):
        page.set_content(PAGE.format(f'<div style="{ground}">{words}</div>'))
        with pytest.raises(AssertionError, match="color-contrast"):
            assert_no_axe_violations(page, asked="colours")


def test_words_that_were_covered_when_they_were_measured_are_measured_again(open_page: OpenPage) -> None:
    page = open_page("about:blank")
    words = '<p style="color:#aeb;background:#fff;height:30px;margin:0">Bleke ord</p>'
    cover = '<div style="margin-top:-30px;height:30px;background:linear-gradient(#000,#fff)"></div>'
    page.set_content(PAGE.format(words + cover))
    assert_no_axe_violations(page, asked="colours")
    page.set_content(PAGE.format(words))
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_no_axe_violations(page, asked="colours")


def test_a_profile_that_was_put_away_knows_nobody(chromium: Browser, gallery: str) -> None:
    first = new_context(chromium, width=PHONE)
    first.add_cookies([{"name": "okt", "value": "1", "url": gallery}])
    pages = [first.new_page() for _ in range(2)]
    another = new_context(chromium, width=PHONE)
    assert another is not first
    put_away(first)
    put_away(another)
    assert all(page.is_closed() for page in pages)
    again = [new_context(chromium, width=PHONE) for _ in range(2)]
    assert first in again
    assert not any(context.cookies() for context in again)
    for context in again:
        put_away(context)
