"""Examines one PDF inside the check process, rule by rule, and stops only where nothing more can be read."""

import re
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Pdf

from letters.printability import active, fonts, limits, marks, sizes
from letters.printability.findings import Findings

_HEADER: Final = re.compile(rb"%PDF-(\d\.\d)(?=[\s%])")
_VERSION: Final = re.compile(r"/?1\.[0-7]")
_END: Final = b"%%EOF"
_UNREADABLE: Final = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What pikepdf raises, depending on where in a file the nonsense stands."""


def examine(data: bytes, most_pages: int) -> tuple[int, Findings]:
    """How many pages, and what is wrong."""
    findings = Findings()
    header = _HEADER.match(data)
    if header is None:
        findings.add("not_pdf")
        return 0, findings
    if not _VERSION.fullmatch(header[1].decode()):
        findings.add("version", detail=header[1].decode())
    if len(data[data.rfind(_END) + len(_END) :].strip(b"\r\n\t\0 ")) > limits.TRAILING_BYTES and _END in data:
        findings.add("trailing_data")
    try:
        with Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            return _examine_opened(pdf, most_pages, findings), findings
    except pikepdf.PasswordError:
        findings.add("encrypted")
    except _UNREADABLE:
        findings.add("corrupt")
    return 0, findings


def _examine_opened(pdf: Pdf, most_pages: int, findings: Findings) -> int:
    if pdf.is_encrypted:
        findings.add("encrypted")
    if len(pdf.objects) > limits.MOST_OBJECTS:
        findings.add("too_complex")
        return 0
    declared = pdf.Root.get("/Version")
    if declared is not None and not _VERSION.fullmatch(str(declared)):
        findings.add("version", detail=str(declared).lstrip("/"))
    active.find(pdf, findings)
    pages = len(pdf.pages)
    if not pages:
        findings.add("no_pages")
    if pages > most_pages:
        findings.add("too_many_pages", detail=f"{pages} sider, grensen er {most_pages}")
    _examine_pages(pdf, min(pages, 2 * most_pages), findings)
    if pdf.get_warnings():
        findings.add("corrupt")
    return pages


def _examine_pages(pdf: Pdf, count: int, findings: Findings) -> None:
    """Pages one by one. Far beyond the limit it is enough to say that there are too many."""
    readable: list[int] = []
    for number in range(1, count + 1):
        page = pdf.pages[number - 1]
        try:
            sizes.find(page, number, findings)
            fonts.find(page, number, findings)
            readable.append(number)
        except _UNREADABLE:
            findings.add("corrupt", number)
    marks.find(pdf, readable, findings)
