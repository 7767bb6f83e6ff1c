"""The frame round a page, its menu, its icons, and the pages that say something is wrong."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.ui import errors, navigation, waiting
from portal.ui.cards import TaskCard
from portal.ui.context import chrome
from portal.ui.navigation import NavItem
from tests.ui.gallery import SampleViewer

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def test_every_icon_that_is_named_anywhere_exists() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "vendor" / "icons.svg").read_text()))
    pages = [*(ROOT / "templates").rglob("*.html")]
    code = [path for app in ("portal", "letters") for path in (ROOT / app).rglob("*.py")]
    named = {name for path in pages for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    named |= {name for path in code for name in re.findall(r'icon="([^"]+)"', path.read_text())}
    assert named
    assert not named - drawn


def test_every_picture_that_is_named_anywhere_exists() -> None:
    drawn = {path.stem for path in (ROOT / "static" / "art").glob("*.svg")}
    pages = [*(ROOT / "templates").rglob("*.html")]
    named = {name for path in pages for name in re.findall(r'{% picture "([^"]+)"|art="([^"]+)"', path.read_text())}
    assert not {a or b for a, b in named} - drawn


def test_menu_counts_and_marks_where_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    item = NavItem(
        key="a",
        label="Brev",
        url_name="site:about",
        icon="house",
        badge=lambda viewer: 12,
        badge_words=lambda count: f"{count} uleste",
    )
    front = NavItem(key="b", label="Forside", url_name="site:front", icon="house", order=0)
    staff = NavItem(key="c", label="Drift", url_name="site:about", icon="house", roles=frozenset({"operator"}))
    monkeypatch.setattr(navigation, "_items", {"a": item, "b": front, "c": staff})
    lines = navigation.lines_for(SampleViewer(), "/om/tilgjengelighet/")
    assert [line.label for line in lines] == ["Forside", "Brev"]
    assert [line.current for line in lines] == [False, True]
    assert (lines[1].count_text, lines[1].count_words) == ("9+", "12 uleste")
    assert len(navigation.lines_for(SampleViewer(roles=frozenset({"operator"})), "/")) == 3


def test_a_menu_line_without_its_page_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {"a": NavItem(key="a", label="A", url_name="no:where", icon="house")})
    assert navigation.lines_for(SampleViewer(), "/") == []


def test_what_waits_comes_nearest_deadline_first(monkeypatch: pytest.MonkeyPatch) -> None:
    soon, later, never = (
        TaskCard(title=title, url="/", sender="", icon="house", due_at=due)
        for title, due in [("soon", NOW), ("later", NOW + timedelta(days=1)), ("never", None)]
    )
    monkeypatch.setattr(waiting, "_questions", {"a": lambda viewer: [never, later], "b": lambda viewer: [soon]})
    assert [card.title for card in waiting.waiting_for(SampleViewer())] == ["soon", "later", "never"]


def test_missing_and_not_yours_have_the_same_words(rf: RequestFactory) -> None:
    missing = errors.not_found(rf.get("/nowhere/"), Exception("missing"))
    hidden = errors.not_found(rf.get("/nowhere/"), Exception("somebody else's"))
    assert missing.status_code == hidden.status_code == 404
    assert _without_tokens(missing) == _without_tokens(hidden)
    assert "Vi finner ikke siden" in missing.content.decode()


def _without_tokens(page: HttpResponse) -> str:
    """The page as text, without the form tokens that differ each time they are drawn."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


@pytest.mark.parametrize("page", ["bad_request", "forbidden", "not_found", "server_error", "csrf_failure"])
def test_error_pages_say_what_to_do_and_whom_to_ring_without_a_database(page: str, rf: RequestFactory) -> None:
    view = getattr(errors, page)
    request = rf.get("/")
    answer = view(request) if page in ("server_error", "csrf_failure") else view(request, Exception())
    words = answer.content.decode()
    assert "77\xa000\xa000\xa000" in words
    assert "Til forsiden" in words
    assert "tel:113" in words


def test_an_unreadable_request_gets_our_page_and_is_not_kept(client: Client) -> None:
    for address in ("/?a=%00", "/om/?%00=a"):
        answer = client.get(address)
        assert answer.status_code == 400
        assert "Vi forsto ikke" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    sent = client.post("/sprak/", "sprak=nb&tilbake=%00", content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 400


def test_the_frame_is_plain_when_nobody_is_signed_in(rf: RequestFactory) -> None:
    frame = chrome(rf.get("/om/"))["chrome"]
    assert frame.viewer is None
    assert frame.navigation == frame.staff_navigation == []
    assert frame.session is None
    assert frame.path == "/om/"


def test_a_page_asks_for_the_counts_of_the_menu_it_shows_and_once(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def item(key: str, shell: navigation.Shell) -> NavItem:
        def badge(_looker: object) -> int:
            asked.append(key)
            return 1

        return NavItem(key=key, label=key, url_name="site:about", icon="house", badge=badge, shell=shell, tile=key)

    monkeypatch.setattr(navigation, "_items", {"brev": item("brev", "citizen"), "drift": item("drift", "staff")})
    request = rf.get("/om/")
    request.viewer = SampleViewer()  # type: ignore[attr-defined]  # as the middleware does
    frame = chrome(request)["chrome"]
    assert (frame.viewer, asked) == (request.viewer, [])  # type: ignore[attr-defined]  # the same
    assert [line.key for line in [*frame.navigation, *frame.tiles]] == ["brev", "brev"]
    assert asked == ["brev"]
    assert [line.key for line in frame.staff_navigation] == ["drift"]
    assert asked == ["brev", "drift"]


@pytest.mark.django_db
def test_the_language_switch_keeps_the_page_and_sends_nobody_away(client: Client) -> None:
    switched = client.post(reverse("site:language"), {"sprak": "nn", "tilbake": "/om/?a=1"})
    assert (switched.status_code, switched["Location"]) == (302, "/om/?a=1")
    assert client.get("/om/")["Content-Language"] == "nn"
    for elsewhere in ("https://evil.example/", "//evil.example", "", "/\\evil.example"):
        assert client.post(reverse("site:language"), {"sprak": "nb", "tilbake": elsewhere})["Location"] == "/"
    assert client.get(reverse("site:language")).status_code == 405


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert not client.post(reverse("site:language"), {"sprak": "xx", "tilbake": "/"}).cookies


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["front", "about", "accessibility", "privacy"])
def test_open_pages_are_open(name: str, client: Client) -> None:
    answer = client.get(reverse(f"site:{name}"))
    assert answer.status_code == 200
    assert "is undefined" not in answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_settings_ask_who_is_there(client: Client) -> None:
    answer = client.get(reverse("site:settings"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/logg-inn/")
