"""The one HTTP client of every counterpart adapter: short timeouts, signed calls, and failures told apart.

A read that fails has done nothing, so every failure of it is `CounterpartDown`, except a refusal with a reason.
A write that fails is sorted: surely not done, perhaps done, or refused (see `errors`). Exceptions are raised
`from None` and carry codes only, since a request's body holds identity numbers, names and addresses.
"""

import json
import logging
import os
import re
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any, Self, TypeVar

import httpx

from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.signing import signed_headers
from portal.kernel.errors import RetryableError

logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_OPENING = Lock()
T = TypeVar("T")
Parse = Callable[[Any], T]

SURELY_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
NOT_LET_IN_OR_NOT_NOW = frozenset({401, 403, 405, 407, 408, 425, 429, 503})
"""Answers given before any work: an operator or time mends them, so nothing may be given up for them."""

REASON = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")
UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError)

CONNECT_SECONDS = 3.0


class CounterpartClient:
    """Speaks JSON with one counterpart, signed where there is a secret, waiting at most `seconds` for each answer.

    Safe to share between threads; after a fork the child opens connections of its own.
    """

    def __init__(self, *, base_url: str, secret: str, seconds: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret = secret
        self._timeout = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        self._opened: tuple[int, httpx.Client] | None = None

    def read(
        self,
        method: str,
        path: str,
        *,
        parse: Parse[T],
        body: object = None,
        params: Mapping[str, str] | None = None,
    ) -> T:
        """Ask for something. Raises `CounterpartDown` or `Refused`."""
        response = self._send(method, path, body=body, params=params, in_doubt=CounterpartDown)
        return _readable(response, parse, in_doubt=CounterpartDown)

    def write(self, path: str, *, parse: Parse[T], body: object) -> T:
        """POST something that is carried out. Raises any of the four errors of `errors`."""
        response = self._send("POST", path, body=body, params=None, in_doubt=UnknownOutcome)
        return _readable(response, parse, in_doubt=UnknownOutcome)

    def tell(self, path: str, *, body: object) -> None:
        """POST an event whose answer holds nothing of interest. Raises as `write`."""
        self._send("POST", path, body=body, params=None, in_doubt=UnknownOutcome)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        """Close the connections of a client that is used once."""
        if self._opened is not None:
            self._opened[1].close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: object,
        params: Mapping[str, str] | None,
        in_doubt: type[RetryableError],
    ) -> httpx.Response:
        content = b"" if body is None else json.dumps(body).encode()
        headers = signed_headers(self._secret, content) if self._secret else {}
        headers["Accept"] = "application/json"
        if content:
            headers["Content-Type"] = "application/json"
        try:
            response = self._http().request(
                method, f"{self._base_url}/{path}", content=content, headers=headers, params=params
            )
        except SURELY_NOT_SENT as failure:
            raise CounterpartDown(_code(failure)) from None
        except httpx.HTTPError as failure:
            raise in_doubt(_code(failure)) from None
        if not response.is_success:
            raise _failure(response, in_doubt)
        return response

    def _http(self) -> httpx.Client:
        """This process's client. Proxies from the environment are not used: addresses are configured.

        Each call has a connection of its own: a kept one that the other side closes just as an order is sent would
        make the outcome unknown for no good reason.
        """
        here = os.getpid()
        with _OPENING:
            if self._opened is None or self._opened[0] != here:
                limits = httpx.Limits(max_keepalive_connections=0)
                self._opened = (
                    here,
                    httpx.Client(timeout=self._timeout, limits=limits, trust_env=False, verify=trusted()),
                )
            return self._opened[1]


@cache
def trusted() -> ssl.SSLContext:
    """The certificate authorities we believe. Reading them takes longer than a call, so they are read once."""
    return httpx.create_ssl_context(trust_env=False)


def _failure(response: httpx.Response, in_doubt: type[RetryableError]) -> Exception:
    """The error that an answer outside 2xx means."""
    status = response.status_code
    reason = _reason(response)
    if status == 409:
        return ConflictingDuplicate(reason or "other_content")
    if status in NOT_LET_IN_OR_NOT_NOW or 300 <= status < 400:
        return CounterpartDown(f"http_{status}")
    if status == 404 and not reason:
        return CounterpartDown("wrong_address")
    if 400 <= status < 500:
        return Refused(reason or f"http_{status}")
    return in_doubt(f"http_{status}")


def _reason(response: httpx.Response) -> str:
    """The answer's own reason code, or an empty text where it has none that is safe to keep."""
    try:
        code = response.json()["code"]
    except UNREADABLE:
        return ""
    return code if isinstance(code, str) and REASON.fullmatch(code) else ""


def _readable(response: httpx.Response, parse: Parse[T], *, in_doubt: type[RetryableError]) -> T:
    try:
        return parse(response.json())
    except UNREADABLE:
        raise in_doubt("unreadable_answer") from None


def _code(failure: Exception) -> str:
    """`ReadTimeout` as `read_timeout`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(failure).__name__).lower()
