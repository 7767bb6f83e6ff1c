"""A person with a very simple browser: keeps cookies, follows links and presses buttons by their words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from portal.demo import http
from portal.demo.errors import DemoError

SIGN_IN = "/logg-inn/"
MOST_STEPS = 6


@dataclass
class Choice:
    """Something on a page that can be pressed: a link, or a button with the hidden fields of its form."""

    address: str
    words: str = ""
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)


class _Page(HTMLParser):
    """Collects what can be pressed on a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.choices: list[Choice] = []
        self._form: Choice | None = None
        self._open: Choice | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            address = urljoin(self.address, values.get("action", ""))
            self._form = Choice(address, method=values.get("method", "get").upper())
        elif tag == "a" and "href" in values:
            self._begin(Choice(urljoin(self.address, values["href"])))
        elif tag == "input" and self._form is not None and values.get("type") == "hidden":
            self._form.fields[values.get("name", "")] = values.get("value", "")
        elif tag == "button" and self._form is not None:
            pressed = {values["name"]: values.get("value", "")} if values.get("name") else {}
            self._begin(Choice(self._form.address, "", self._form.method, self._form.fields | pressed))

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "button"):
            self._open = None
        elif tag == "form":
            self._form = None

    def _begin(self, choice: Choice) -> None:
        self.choices.append(choice)
        self._open = choice


class Browser:
    """One person's browser; close it, or use it as a context, when done."""

    def __init__(self) -> None:
        self._client = http.client()
        self.address = ""
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def visit(self, address: str) -> str:
        """Open a page."""
        return self._show(self._client.get(address))

    def press(self, words: str) -> bool:
        """Press the link or button that carries these words; False where the page has none."""
        page = _Page(self.address)
        page.feed(self.text)
        for choice in page.choices:
            if words in " ".join(choice.words.split()):
                self._follow(choice)
                return True
        return False

    def sign_in(self, portal_url: str, name: str) -> None:
        """Sign in through ID-porten's stand-in, as the person with this name."""
        self.visit(portal_url + SIGN_IN)
        for _ in range(MOST_STEPS):
            on_portal = self.address.startswith(portal_url + "/")
            if on_portal and not self.address.startswith(portal_url + SIGN_IN):
                return
            if not (self.press("Logg inn") if on_portal else self.press(name)):
                break
        last = self.address.split("?", maxsplit=1)[0]
        raise DemoError(f"could not sign a synthetic person in; the last page was {last}")

    def _follow(self, choice: Choice) -> None:
        if choice.method == "GET":
            self._show(self._client.get(choice.address, params=choice.fields or None))
            return
        here = urlsplit(self.address)
        headers = {"Referer": self.address, "Origin": f"{here.scheme}://{here.netloc}"}
        self._show(self._client.post(choice.address, data=choice.fields, headers=headers))

    def _show(self, answer: httpx.Response) -> str:
        http.checked(answer)
        self.address = str(answer.url)
        self.text = answer.text
        return self.text
