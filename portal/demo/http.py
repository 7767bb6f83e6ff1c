"""Plain requests to this machine, past any proxy the environment names."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from portal.counterparts.client import trusted
from portal.demo.errors import DemoError

TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.1
LONGEST_DETAIL = 1_000


def client() -> httpx.Client:
    """A client that keeps cookies and follows redirects, like a browser."""
    return httpx.Client(trust_env=False, verify=trusted(), follow_redirects=True, timeout=TIMEOUT_SECONDS)


def answers(url: str) -> bool:
    """Whether an address answers with 200."""
    try:
        with client() as asking:
            return asking.get(url).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def get_json(url: str) -> Any:  # noqa: ANN401 (whatever JSON is there)
    """The JSON at an address."""
    with client() as asking:
        return checked(asking.get(url)).json()


def post_json(url: str, content: object, headers: Mapping[str, str]) -> httpx.Response:
    """Send JSON; an answer of 400 or above is an error that tells what the portal said."""
    with client() as asking:
        return checked(asking.post(url, json=content, headers=dict(headers)))


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, unless it is a refusal."""
    if answer.is_error:
        place = str(answer.request.url).split("?", maxsplit=1)[0]
        detail = answer.text[:LONGEST_DETAIL]
        raise DemoError(f"{answer.request.method} {place} answered {answer.status_code}: {detail}")
    return answer


def wait_until(what: str, holds: Callable[[], bool], seconds: float) -> None:
    """Ask again and again until it holds; an error that says what was waited for, when time is up."""
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            raise DemoError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)
