"""Someone at a browser, without the browser: follows redirects, keeps cookies, clicks links by their words."""

import re
from dataclasses import dataclass
from html import unescape

import httpx

PROOF_PAGE = "/innsyn/fortsett/"
"""A page of ours that needs no other part of the portal: tells as JSON whether one is signed in."""
STAFF_DOOR = "/logg-inn/ansatt/"


@dataclass
class Visitor:
    """One browser profile."""

    http: httpx.Client

    def begins(self, next_url: str = PROOF_PAGE, door: str = "/logg-inn/", **extra: str) -> httpx.Response:
        """Go to sign-in; the answer is the provider's page."""
        return self.http.get(door, params={"next": next_url, **extra} if next_url else extra)

    def chooses(self, page: httpx.Response, name: str) -> httpx.Response:
        """Click a person on ID-porten's page."""
        return self.http.get(link_to(page, name))

    def signs_in(self, name: str = "Kari Nordli", next_url: str = PROOF_PAGE) -> httpx.Response:
        """All the way in."""
        return self.chooses(self.begins(next_url), name)

    def signs_in_as_staff(self, name: str = "Astrid Fossheim", next_url: str = PROOF_PAGE) -> httpx.Response:
        """All the way in through HelseID."""
        return self.chooses(self.begins(next_url, STAFF_DOOR), name)

    def answer_for(self, page: httpx.Response, name: str) -> str:
        """Click a person, but stop at the address ID-porten sends the browser to."""
        response = self.http.get(link_to(page, name), follow_redirects=False)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def is_signed_in(self) -> bool:
        return self.http.get("/logg-inn/tid-igjen/").status_code == 200

    def signs_out(self) -> httpx.Response:
        """Press "Logg ut nå"."""
        page = self.http.get("/logg-ut/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        return self.http.post("/logg-ut/", data={"csrfmiddlewaretoken": token[1]}, follow_redirects=False)

    @property
    def session_key(self) -> str:
        return next(cookie.value or "" for cookie in self.http.cookies.jar if cookie.name == "session")


def link_to(page: httpx.Response, words: str) -> str:
    """The address of the link with these words in it."""
    for address, inside in re.findall(r'<a\b[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page.text, re.DOTALL):
        if words in unescape(re.sub(r"<[^>]+>", "", inside)):
            return str(page.url.join(unescape(address)))
    raise AssertionError(f"no link says {words!r} on {page.url.path} ({page.status_code}): {page.text[:2000]}")
