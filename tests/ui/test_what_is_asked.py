"""The checks of a page find what they are asked for, and nothing they are not."""

import pytest

from tests.ui.browser import Asked, OpenPage, assert_no_axe_violations

PALE = '<p style="color:#bbb;background:#fff">Bleke ord</p>'
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
