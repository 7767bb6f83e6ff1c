"""Every page of the gallery, as a phone in daylight and a screen in the dark: sound, and of the right width."""

import pytest
from playwright.sync_api import expect

from tests.ui import browser
from tests.ui.browser import PHONE, SCREEN, OpenPage
from tests.ui.gallery import PAGES

WCAG_TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
)


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (SCREEN, True)], ids=["phone", "dark-screen"])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(name: str, width: int, *, dark: bool, gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}{name}/", width=width, dark=dark)
    browser.assert_page_is_sound(page)
    assert page.locator("h1").count() == 1
    assert ("noe gikk galt" in page.title()) == (name == "500")
    assert "is undefined" not in page.content()


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_the_narrowest_window_with_wide_text(name: str, gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}{name}/", width=320)
    browser.assert_no_horizontal_scroll(page)
    page.evaluate(
        """rules => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(rules);
            document.adoptedStyleSheets = [sheet];
        }""",
        WCAG_TEXT_SPACING,
    )
    browser.assert_no_horizontal_scroll(page)


def test_skip_link_is_first_and_leads_to_the_content(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}front/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"


@pytest.mark.parametrize("width", [320, PHONE, SCREEN])
def test_open_menu_stays_inside_the_window(width: int, gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}front/", width=width)
    page.locator("summary").click()
    box = page.locator(".menu__panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    browser.assert_page_is_sound(page)


def test_menu_closes_with_escape_and_gives_focus_back(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}front/", width=PHONE)
    page.locator("summary").click()
    assert page.get_by_role("link", name="Innstillinger").first.is_visible()
    page.get_by_role("link", name="Innstillinger").first.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("details[data-menu][open]").count() == 0


def test_without_scripts_the_menu_opens_and_everything_is_there(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}letter/", width=PHONE, scripts=False)
    page.locator("summary").click()
    assert page.locator(".menu__panel").is_visible()
    assert page.get_by_role("button", name="Logg ut").first.is_visible()
    assert page.get_by_text("logger vi deg ut kl.").is_visible()
    assert not page.get_by_role("button", name="Skriv ut").is_visible()
    browser.assert_no_horizontal_scroll(page)


def test_error_summary_takes_focus_and_leads_to_the_field(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}form/")
    assert page.title().startswith("Feil:")
    assert page.evaluate("document.activeElement.id") == "feil"
    page.get_by_role("link", name="Velg ett av svarene.").click()
    assert page.evaluate("document.activeElement.type") == "radio"


def test_session_warning_tells_how_long_is_left(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}session/")
    warning = page.get_by_role("dialog", name="Du blir snart logget ut")
    expect(warning).to_contain_text("2 minutter")
    assert page.evaluate("document.activeElement.textContent") == "Fortsett"
    page.get_by_role("button", name="Fortsett").click()
    expect(warning).to_be_hidden()


def test_session_warning_says_so_when_the_net_is_gone(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}session/")
    expect(page.get_by_role("dialog")).to_contain_text("2 minutter")
    page.context.set_offline(offline=True)
    page.get_by_role("button", name="Fortsett").click()
    expect(page.get_by_text("Vi fikk ikke kontakt.")).to_be_visible()


def test_letter_prints_without_the_frame(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}letter/")
    page.emulate_media(media="print", color_scheme="light")
    assert not page.locator("header.top").is_visible()
    assert not page.locator("footer").is_visible()
    assert not page.get_by_text("Ta kontakt").is_visible()
    assert page.get_by_text("Slik forbereder du deg").is_visible()


def test_forced_colours_keep_unread_apart_from_read(gallery: str, open_page: OpenPage) -> None:
    page = open_page(f"{gallery}inbox/")
    page.emulate_media(forced_colors="active")
    colour = "element => getComputedStyle(element).backgroundColor"
    unread, read = page.locator(".dot--unread").first, page.locator(".dot:not(.dot--unread)").first
    assert unread.evaluate(colour) != read.evaluate(colour)
    assert page.get_by_text("Ulest:").count() == 2
