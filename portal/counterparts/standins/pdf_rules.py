"""The printer's light look at a PDF before it takes an order; the portal's own check is stricter."""

import io
import re
from hashlib import sha256

import pikepdf

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 99
VERSION = re.compile(rb"%PDF-1\.[0-7]")
A4_POINTS = (595.28, 841.89)
SLACK_POINTS = 6.0


def fault(pdf: bytes, *, claimed_sha256: str, claimed_pages: int) -> str:
    """The code of the first rule the PDF breaks; empty where it breaks none."""
    if len(pdf) > MOST_BYTES:
        return "too_large"
    if not VERSION.match(pdf[:16]):
        return "not_pdf_1.0_to_1.7"
    if sha256(pdf).hexdigest() != claimed_sha256:
        return "digest_differs"
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return _fault_inside(document, claimed_pages)
    except pikepdf.PasswordError:
        return "encrypted"
    except pikepdf.PdfError:
        return "unreadable_pdf"


def _fault_inside(document: pikepdf.Pdf, claimed_pages: int) -> str:
    pages = len(document.pages)
    if document.is_encrypted:
        return "encrypted"
    if not 1 <= pages <= MOST_PAGES:
        return "page_count"
    if pages != claimed_pages:
        return "page_count_differs"
    if not all(_is_a4(page) for page in document.pages):
        return "not_a4"
    return "" if _has_ink(document.pages[0]) else "first_page_empty"


def _is_a4(page: pikepdf.Page) -> bool:
    left, bottom, right, top = (float(edge) for edge in page.mediabox.as_list())
    sides = sorted((abs(right - left), abs(top - bottom)))
    return all(abs(side - wanted) <= SLACK_POINTS for side, wanted in zip(sides, A4_POINTS, strict=True))


def _has_ink(page: pikepdf.Page) -> bool:
    """Whether anything is drawn or written on the page."""
    marks = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "b", "EI"}
    return any(str(instruction.operator) in marks for instruction in pikepdf.parse_content_stream(page))
