"""WeasyPrint, with its C libraries asked for by the names that Linux knows them by. The product imports it here.

WeasyPrint tries each library under the names of every system. For each name that is none of this system's, ctypes
starts `ldconfig`, a compiler and a linker to look for it: half of the time that a child needs to start, and programs
that have no business where letters are laid out. The loader finds the right name by itself.
"""

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _nothing_searched() -> Iterator[None]:
    """Inside, ctypes finds nothing, and cffi asks the loader for the next name. On other systems all is as it was."""
    searching = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda _name: None  # type: ignore[assignment]
    try:
        yield
    finally:
        ctypes.util.find_library = searching


with _nothing_searched():
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

__all__ = ["CSS", "HTML", "FatalURLFetchingError", "FontConfiguration", "URLFetcher", "URLFetcherResponse"]
