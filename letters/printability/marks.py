"""Marks on the page: nothing may stand in the left margin, and above all not where the barcode is printed.

Every visible mark counts, text, pictures and drawings alike. What is clipped away, drawn in plain white or set as
invisible text does not show on paper and does not count.
"""

from io import BytesIO
from typing import Final, cast

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pikepdf import Array, Dictionary, ObjectStreamMode, Page, Pdf

from letters.printability import limits, sizes
from letters.printability.canvas import Bounds, MarkDevice, MarkInterpreter
from letters.printability.findings import Findings
from letters.rendering.geometry import Box

_HIDDEN: Final = 0b10
_PRINT: Final = 0b100
_NOT_PRINTED: Final = frozenset({"/Link", "/Popup"})


def find(pdf: Pdf, numbers: list[int], findings: Findings) -> None:
    """Note marks where none may be on the given pages (from 1)."""
    cleaned, frames = _cleaned(pdf, numbers)
    document = PDFDocument(PDFParser(BytesIO(cleaned)))
    manager = PDFResourceManager()
    for (number, frame), page in zip(frames, PDFPage.create_pages(document), strict=False):
        device = MarkDevice(manager, Bounds(0, 0, frame.width, frame.height))
        try:
            MarkInterpreter(manager, device).process_page(page)
        except (MemoryError, RecursionError):
            raise
        except Exception:
            # A reader of foreign files fails in as many ways as files can be wrong; the page is then unreadable.
            findings.add("corrupt", number)
        for kind, mark in [*device.marks, *(("tekst eller felt", note) for note in frame.notes)]:
            _judge(_in_millimetres(mark, frame), kind, number, findings)


class _Frame:
    """What is needed to tell millimetres on paper from a page's own units."""

    def __init__(self, page: Page) -> None:
        left, bottom, right, top = sizes.edges(page.cropbox)
        turned = sizes.turn(page) in (90, 270)
        self.width, self.height = (top - bottom, right - left) if turned else (right - left, top - bottom)
        self.millimetres = sizes.user_unit(page) * limits.MILLIMETRES_PER_POINT
        self.notes = [] if sizes.turn(page) else list(_printed_notes(page, left, bottom))


def _cleaned(pdf: Pdf, numbers: list[int]) -> tuple[bytes, list[tuple[int, _Frame]]]:
    """The pages alone in a file as qpdf understood them, so that both readers see the same."""
    frames = []
    with Pdf.new() as clean:
        for number in numbers:
            frame = _Frame(pdf.pages[number - 1])
            frames.append((number, frame))
            clean.pages.append(pdf.pages[number - 1])
            page = clean.pages[-1]
            page.obj.MediaBox = Array(sizes.edges(page.cropbox))
            for key in ("/CropBox", "/Annots"):
                if key in page.obj:
                    del page.obj[key]
        out = BytesIO()
        clean.save(out, object_stream_mode=ObjectStreamMode.disable)
    return out.getvalue(), frames


def _printed_notes(page: Page, left: float, bottom: float) -> list[Bounds]:
    """Where notes and form fields print something."""
    notes = page.obj.get("/Annots")
    found = []
    for note in notes.as_list() if isinstance(notes, Array) else []:
        if not isinstance(note, Dictionary) or str(note.get("/Subtype")) in _NOT_PRINTED or "/AP" not in note:
            continue
        flags = int(note.get("/F", 0))
        if flags & _PRINT and not flags & _HIDDEN:
            x0, y0, x1, y1 = sizes.edges(cast(Array, note.Rect))
            found.append(Bounds(x0 - left, y0 - bottom, x1 - left, y1 - bottom))
    return found


def _in_millimetres(mark: Bounds, frame: _Frame) -> Box:
    scale = frame.millimetres
    width, height = mark.x1 - mark.x0, mark.y1 - mark.y0
    return Box(mark.x0 * scale, (frame.height - mark.y1) * scale, width * scale, height * scale)


def _judge(mark: Box, kind: str, number: int, findings: Findings) -> None:
    if mark.meets(limits.BARCODE):
        findings.add("barcode_zone", number, kind)
    elif mark.meets(limits.MARGIN):
        findings.add("left_margin", number, kind)
