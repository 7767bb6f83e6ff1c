"""WeasyPrint inside the child process: set up once, used for every letter.

One font configuration and one parsed style sheet per provider and language live as long as the process. Setting
them up per letter is a third slower and leaks memory without end.
"""

import hashlib
import logging
from functools import cache
from typing import Final

from letters.rendering import sheet, wire
from letters.rendering.fetcher import LockedFetcher
from letters.rendering.geometry import GEOMETRIES
from letters.rendering.libraries import CSS, HTML, FatalURLFetchingError, FontConfiguration
from letters.rendering.serve import Refused
from letters.rendering.typeface import ASSETS

VARIANT: Final = "pdf/ua-1"
VERSION: Final = "1.7"
_FONTS: Final = FontConfiguration()
_FETCHER: Final = LockedFetcher()


class _Complaints(logging.Handler):
    """Counts what WeasyPrint would only have logged: a picture that does not load must not be a detail."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count; the text may hold content and is dropped."""
        self.count += 1


_COMPLAINTS: Final = _Complaints()
_LOGGER: Final = logging.getLogger("weasyprint")
_LOGGER.handlers[:] = [_COMPLAINTS]
_LOGGER.propagate = False


@cache
def _styles(geometry: str, language: str) -> CSS:
    text = (ASSETS / "letter.css").read_text("utf-8") + sheet.rules(GEOMETRIES[geometry], language)
    return CSS(string=text, font_config=_FONTS, url_fetcher=_FETCHER)


@cache
def _address_styles(geometry: str) -> CSS:
    text = "@page { size: 210mm 297mm; margin: 0 } #addressee { position: absolute; background: #fff } p { margin: 0 }"
    return CSS(string=text + sheet.address_rules(GEOMETRIES[geometry], 0), font_config=_FONTS, url_fetcher=_FETCHER)


def render(request: wire.Message) -> wire.Message:
    """A composed letter as tagged PDF/UA-1; facts: digest and number of pages."""
    styles = _styles(str(request.facts["geometry"]), str(request.facts["language"]))
    data, pages = _written(request.parts[0].decode(), styles, tagged=True)
    return wire.Message({"sha256": hashlib.sha256(data).hexdigest(), "pages": pages}, (data,))


def address_sheet(html: str, geometry: str) -> bytes:
    """One page with nothing but the lines in the window on white."""
    data, _ = _written(html, _address_styles(geometry), tagged=False)
    return data


def _written(html: str, styles: CSS, *, tagged: bool) -> tuple[bytes, int]:
    _COMPLAINTS.count = 0
    try:
        document = HTML(string=html, url_fetcher=_FETCHER, media_type="print").render(
            stylesheets=[styles], font_config=_FONTS
        )
        options = {"pdf_variant": VARIANT} if tagged else {}
        data: bytes = document.write_pdf(pdf_version=VERSION, **options)
    except FatalURLFetchingError:
        raise Refused("foreign_resource") from None
    if _COMPLAINTS.count:
        raise Refused("asset_missing")
    return data, len(document.pages)
