"""The only door out of the renderer: our own assets by our own scheme, everything else fails the letter."""

from typing import Final, Never

from letters.rendering.libraries import FatalURLFetchingError, URLFetcher, URLFetcherResponse
from letters.rendering.typeface import ASSETS

SCHEME: Final = "letters-asset:"
_KINDS: Final = {"logo.svg": "image/svg+xml"}


class LockedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Serves the assets named here from memory.

    Anything else raises FatalURLFetchingError, which derives from BaseException, so that WeasyPrint cannot turn it
    into a warning and a letter without its picture.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._assets = {name: (ASSETS / name).read_bytes() for name in _KINDS}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """An asset of ours, or the end of this letter."""
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self._assets:
            raise FatalURLFetchingError("refused")
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": _KINDS[name]})

    def open(self, url: object, data: object = None, timeout: object = None) -> Never:
        """The way around `fetch` that the base class offers; closed."""
        raise FatalURLFetchingError("refused")
