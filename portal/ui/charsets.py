"""Requests that name a character set nobody can read text in.

The framework reads the query with the character set of the request's Content-Type before any middleware runs, and
`charset=rot13` (or hex, idna, undefined …) ends that with an exception. Such a name is taken out of the header; the
request is then read as UTF-8, like every request that names none.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

READABLE: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252"}
)
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|'[^']*'|[^;]*)", re.IGNORECASE)


def with_readable_charset(environ: Environ) -> Environ:
    """The request's environment, without a character set that is none."""
    written = str(environ.get("CONTENT_TYPE", ""))
    named = [name.strip(" \t\"'").lower() for name in _CHARSET.findall(written)]
    if set(named) <= READABLE:
        return environ
    return {**environ, "CONTENT_TYPE": _CHARSET.sub("", written)}


def readable(application: Application) -> Application:
    """The application behind this guard."""

    def guarded(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application(with_readable_charset(environ), start_response)

    return guarded
