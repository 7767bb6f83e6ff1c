"""Somebody at a screen: a browser without one, and the words of the page it got."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client

from portal.people.models import Person
from tests.people.signed_in import signed_in
from youth_access.eyes import ACTING_FOR


class Screen:
    """One person's browser, acting for another where told so."""

    def __init__(self, who: Person, acting_for: Person | None = None) -> None:
        self.client = signed_in(Client(raise_request_exception=True), who)
        self.whose = acting_for or who
        if acting_for is not None:
            session = self.client.session
            session[ACTING_FOR] = str(acting_for.pk)
            session.save()

    def opens(self, path: str, status: int = 200, **headers: Any) -> str:
        """The page's words as one line."""
        answer = self.client.get(path, **headers)
        assert answer.status_code == status, (path, answer.status_code, answer.get("Location"))
        return said(answer.content.decode())

    def html(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def sends(self, path: str, status: int = 302, more: Mapping[str, object] | None = None, **fields: object) -> str:
        """Post a form about whom the screen is about: where it leads, or the words of the page it gave."""
        answer = self.client.post(path, {"for_person": str(self.whose.pk), **fields, **(more or {})})
        assert answer.status_code == status, (path, answer.status_code, said(answer.content.decode())[:500])
        return str(answer["Location"]) if status == 302 else said(answer.content.decode())

    def is_led_from(self, path: str) -> str:
        """Where a page that cannot be shown now leads."""
        answer = self.client.get(path)
        assert answer.status_code == 302, (path, answer.status_code)
        return str(answer["Location"])

    def key_at(self, path: str) -> str:
        """The key of the first form of the page that has one."""
        return field(self.html(path), "key")


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found is not None, f"no field {name}"
    return found[1]


def said(page: str) -> str:
    """What the page's main part says, spaces that do not break among them."""
    assert "is undefined" not in page
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).replace("\u00a0", " ")
