"""A real browser for the stories: Debian's Chromium, looked at as a phone or a screen, in light or dark.

The headless shell is Chromium without windows, menus and extensions. It shows pages as Chromium does in half the
processor time, so it is used where it is installed.

`chromium` and `open_page` are fixtures of the whole run (tests/conftest.py).
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.cores import on_every_core

BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser")
_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # One process for all pages: portal and stand-ins are origins of their own, and a process each takes a third longer.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
    # Every core is busy with tests: compiling and tidying on threads of their own takes an eighth more.
    "--js-flags=--single-threaded",
)
PHONE: Final = 360
SCREEN: Final = 1280
PATIENCE: Final = 30_000
"""Milliseconds until something is not coming: no promise to users, only the end of waiting on a busy machine."""
expect.set_options(timeout=PATIENCE)
_RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "selectors": False,  # a path to each element is a third of the work, and what is wrong is told by its HTML
}
_SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_STILL: Final = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets.push(sheet);
}"""
"""Nothing moves from one look to the next: a colour on its way from one to another has no contrast to speak of."""
_DRAWN: Final = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
_COLOURS: Final = ("color-contrast", "link-in-text-block")
_ALL_BUT_COLOURS: Final = _RULES | {"rules": {each: {"enabled": False} for each in _COLOURS}}
_ALL_BUT_CONTRAST: Final = _RULES | {"rules": {_COLOURS[0]: {"enabled": False}}}
_CONTRAST, _LINKS = ({"runOnly": {"type": "rule", "values": [each]}} for each in _COLOURS)
_UNSURE_TOO: Final = {"resultTypes": ["violations", "incomplete"], "elementRef": True}
_VIOLATIONS: Final = "(rules) => axe.run(rules).then((found) => found.violations)"
_VIOLATIONS_OF_CONTRAST: Final = """([rules, known]) => {
    const met = new Set(known), chosen = [], styles = new Map(), news = new Map();
    const styleOf = (each) => styles.get(each) ?? styles.set(each, getComputedStyle(each)).get(each);
    const isPlain = (each) => {
        const box = each.getBoundingClientRect();
        return box.width > 1 && box.height > 1
            && each.checkVisibility({opacityProperty: true, visibilityProperty: true})
            && !each.closest("[aria-hidden=true], [inert], :disabled, [aria-disabled=true]")
            && !each.closest("label")?.control?.disabled;
    };
    for (const each of document.querySelectorAll("body *")) {
        const hasWords = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!(hasWords || each.matches("input, select, textarea")) || !each.checkVisibility()) continue;
        const own = styleOf(each);
        const look = [own.color, own.webkitTextFillColor, own.fontSize, own.fontWeight, own.textShadow];
        let alone = !isPlain(each), ground = true;
        for (let behind = each; behind; behind = behind.parentElement) {
            const style = styleOf(behind);
            if (ground) look.push(style.backgroundColor, style.backgroundImage);
            const through = [style.opacity, style.filter, style.mixBlendMode].join();
            if (through !== "1,none,normal") look.push(through);
            alone ||= ground && !["static", "relative"].includes(style.position);
            ground &&= style.backgroundImage !== "none" || !style.backgroundColor.startsWith("rgb(");
        }
        const name = look.join("|");
        if (alone || !met.has(name)) chosen.push(each);
        if (!alone && !met.has(name)) news.set(each, name);
        if (!alone) met.add(name);
    }
    if (!chosen.length) return [[], []];
    return axe.run(chosen, rules).then((found) => {
        for (const one of [...found.violations, ...found.incomplete])
            for (const node of one.nodes) { news.delete(node.element); delete node.element; }
        return [found.violations, [...news.values()]];
    });
}"""
"""Words of one look on the same ground have the same contrast, whatever page they stand on: one of each is measured,
and by itself whatever lies on top of others, is out of sight in some way, or is something that axe may pass over. What
axe could not make up its mind about is not remembered."""
_looks_with_contrast: Final[set[str]] = set()
"""The looks that this process has measured and found good."""


class Look(NamedTuple):
    """What a profile is made with, and keeps."""

    width: int
    dark: bool
    scripts: bool


_profiles: Final[dict[BrowserContext, tuple[Look, Page]]] = {}
_profiles_at_rest: Final[defaultdict[Look, list[BrowserContext]]] = defaultdict(list)


class OpenPage(Protocol):
    """Opens an address in a fresh, empty browser profile."""

    def __call__(
        self,
        url: str,
        *,
        width: int = SCREEN,
        dark: bool = False,
        scripts: bool = True,
        context: BrowserContext | None = None,
    ) -> Page: ...


@dataclass
class Seen:
    """What a page did besides showing itself."""

    csp_reports: list[str] = field(default_factory=list)
    script_errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


_seen: dict[Page, Seen] = {}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run. Debian's, because nothing is downloaded.

    Playwright's event loop runs in the tests' own thread from here on, and the framework takes everything after it
    for asynchronous code: hence the variable, for the rest of the run. What tests ask the database from then on goes
    over a connection of the loop's own, which is closed with it: the test database could not be dropped otherwise.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"no browser: apt-get install {BROWSERS[0]}")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        with on_every_core():
            browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        _profiles.clear()
        _profiles_at_rest.clear()
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens pages, and puts their profiles away after the test."""
    contexts: list[BrowserContext] = []

    def opener(
        url: str,
        *,
        width: int = SCREEN,
        dark: bool = False,
        scripts: bool = True,
        context: BrowserContext | None = None,
    ) -> Page:
        if context is None:
            context = new_context(chromium, width=width, dark=dark, scripts=scripts)
            contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        put_away(context)


def new_context(browser: Browser, *, width: int = SCREEN, dark: bool = False, scripts: bool = True) -> BrowserContext:
    """An empty profile of a Norwegian visitor, until it is put away."""
    look = Look(width, dark, scripts)
    if _profiles_at_rest[look]:
        return _profiles_at_rest[look].pop()
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        locale="nb-NO",
        timezone_id="Europe/Oslo",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    _profiles[context] = look, context.new_page()
    return context


def put_away(context: BrowserContext) -> None:
    """Close its pages and forget whom it knows; cookies are all that a page of ours leaves in a browser.

    The next who needs such a profile gets this one: to begin a profile, with a process of its own, takes longer than to
    show a page. The page it was begun with stays, and keeps that process alive.
    """
    look, first = _profiles[context]
    for page in context.pages:
        if page is not first:
            page.close()
    context.set_offline(offline=False)
    context.clear_cookies()
    _profiles_at_rest[look].append(context)


def watch(page: Page) -> Seen:
    """Note what the page reports, throws and fetches, from before its first request."""
    seen = _seen.setdefault(page, Seen())

    def note_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            seen.csp_reports.append(message.text)

    def note_error(error: Any) -> None:
        seen.script_errors.append(str(error))

    def note_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https"):
            seen.hosts.add(parts.netloc)

    page.on("console", note_console)
    page.on("pageerror", note_error)
    page.on("request", note_request)
    page.on("close", _forget)
    return seen


def _forget(page: Page) -> None:
    _seen.pop(page, None)


Asked = Literal["everything", "colours", "all but colours"]


def assert_no_axe_violations(page: Page, *, besides: tuple[str, ...] = (), asked: Asked = "everything") -> None:
    """No rule of WCAG 2.2 AA or good practice is broken, as far as a machine can tell.

    Contrast is nine tenths of the work. "colours": the page has passed every rule in the other scheme, and only its
    colours have changed; "all but colours": the same page has passed in another language, and only its words have.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    rules = {"everything": _ALL_BUT_CONTRAST, "colours": _RULES | _LINKS, "all but colours": _ALL_BUT_COLOURS}[asked]
    found_all = page.evaluate(_VIOLATIONS, rules)
    if asked != "all but colours":
        found_all += _violations_of_contrast(page)
    violations = [found for found in found_all if found["id"] not in besides]
    lines = [
        f"{found['id']}: {found['help']}\n    {node['html'][:200]}\n    {node.get('failureSummary', '')[:400]}"
        for found in violations
        for node in found["nodes"][:5]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def _violations_of_contrast(page: Page) -> list[dict[str, Any]]:
    violations: list[dict[str, Any]]
    rules = _RULES | _CONTRAST | _UNSURE_TOO
    violations, looks = page.evaluate(_VIOLATIONS_OF_CONTRAST, [rules, list(_looks_with_contrast)])
    _looks_with_contrast.update(looks)
    return violations


def assert_no_horizontal_scroll(page: Page) -> None:
    """The page fits its window; axe does not notice when it does not."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} px wide in a window of {widths[1]}: {_widest(page)}"


def assert_no_csp_reports(page: Page) -> None:
    """Nothing was refused by the Content-Security-Policy, no script failed, no other host was asked."""
    seen = _seen[page]
    assert not seen.csp_reports, seen.csp_reports
    assert not seen.script_errors, seen.script_errors
    strangers = seen.hosts - {urlsplit(page.url).netloc}
    assert not strangers, strangers


def assert_targets_large_enough(page: Page) -> None:
    """Everything that can be pressed is at least 24 by 24 pixels, unless it stands in a line of text."""
    small = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")]
            .filter((each) => each.checkVisibility() && getComputedStyle(each).display !== "inline")
            .map((each) => [each.getBoundingClientRect(), each.outerHTML.slice(0, 120)])
            .filter(([box]) => box.width > 1 && (box.width < 24 || box.height < 24))
            .map(([box, html]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
    )
    assert not small, small


def assert_page_is_sound(page: Page, *, asked: Asked = "everything") -> None:
    """Everything above at once: the least that every page owes its reader."""
    assert_no_axe_violations(page, asked=asked)
    assert_no_horizontal_scroll(page)
    assert_targets_large_enough(page)
    assert_no_csp_reports(page)


def assert_sound_in_every_look(page: Page, picture: Callable[[str], object] = lambda _look: None) -> None:
    """The same on a phone and a screen, in light and dark, of a page opened once; it is then as it was.

    `picture` is called in each look with its name.
    """
    before = page.viewport_size
    assert before is not None
    page.evaluate(_STILL)
    for width in (PHONE, SCREEN):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(_DRAWN)
            assert_page_is_sound(page, asked="colours" if scheme == "dark" else "everything")
            picture(f"{width}-{scheme}")
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def screenshot(page: Page, folder: Path, name: str) -> Path:
    """A picture of the whole page."""
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def _widest(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5).map((each) => each.outerHTML.slice(0, 120))"""
    )
    return found
