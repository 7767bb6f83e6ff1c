"""After signing in people only ever go to a page of this portal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.next_page import safe_next


@pytest.mark.parametrize("ours", ["/", "/brev/", "/brev/3f1c/?side=2", "/behandler/brev/#oppgaver", "/timer/%C3%A5/"])
def test_our_own_pages_pass(ours: str) -> None:
    assert safe_next(ours) == ours


@pytest.mark.parametrize(
    "foreign",
    [
        None,
        "",
        "brev/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/ /evil.example",
        "/brev/\r\nSet-Cookie: x=1",
        "\x00/brev/",
        "/logg-inn/?next=/logg-inn/",
        "/logg-ut/",
        "/" + "a" * 3000,
    ],
)
def test_everything_else_is_dropped(foreign: str | None) -> None:
    assert safe_next(foreign) == ""


@given(st.text(alphabet="/\\:.@?#%abc\t\n\r\x00 ", max_size=12))
def test_what_passes_is_a_plain_path(text: str) -> None:
    passed = safe_next(text)
    assert passed == "" or (passed.startswith("/") and not passed.startswith(("//", "/\\")))
