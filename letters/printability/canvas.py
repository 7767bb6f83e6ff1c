"""Follows the drawing of a page and notes where ink falls to the far left, as seen on paper.

pdfminer.six reads the content; what it leaves out is added here: clipping, shadings, invisible text and white
paper, without which ordinary files from browsers and office programs would look as if they filled the margin.
"""

# ruff: noqa: N802, N815 - pdfminer calls the method named after each PDF operator: do_Q, do_W, do_F

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from pdfminer.layout import LTChar
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFStackT, PDFTextState
from pdfminer.pdftypes import PDFStream, list_value, stream_value
from pdfminer.psparser import literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, PathSegment, apply_matrix_pt, mult_matrix

from letters.printability import limits

_MOST_MARKS: Final = 200_000
_INVISIBLE_TEXT: Final = frozenset({3, 7})
_HAIR: Final = 0.01
_CORNERS: Final = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
_WHITE_INKS: Final = {
    "DeviceGray": 1.0,
    "CalGray": 1.0,
    "DeviceRGB": 1.0,
    "CalRGB": 1.0,
    "ICCBased": 1.0,
    "DeviceCMYK": 0.0,
}
_FAR_RIGHT: Final = 2 * limits.MARGIN.right / limits.MILLIMETRES_PER_POINT


class Bounds(NamedTuple):
    """A rectangle in the page's units, y counted upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def within(self, other: "Bounds") -> "Bounds":
        """What the two have in common; empty when x1 < x0 or y1 < y0."""
        return Bounds(max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1))


def around(points: Sequence[tuple[float, float]], matrix: Matrix) -> Bounds | None:
    """The rectangle around points after a transformation."""
    moved = [apply_matrix_pt(matrix, point) for point in points]
    if not moved:
        return None
    across, up = zip(*moved, strict=True)
    return Bounds(min(across), min(up), max(across), max(up))


class MarkDevice(PDFTextDevice):
    """Keeps the marks that may reach into the margin; all others are let go at once."""

    def __init__(self, manager: PDFResourceManager, page: Bounds) -> None:
        super().__init__(manager)
        self.clip = page
        self.marks: list[tuple[str, Bounds]] = []

    def note(self, kind: str, bounds: Bounds | None) -> None:
        """Keep a mark if any of it is visible near the left edge."""
        if bounds is None:
            return
        seen = bounds.within(self.clip)
        if seen.x1 < seen.x0 or seen.y1 < seen.y0 or seen.x0 > _FAR_RIGHT:
            return
        if len(self.marks) >= _MOST_MARKS:
            raise MemoryError
        wide, high = max(seen.x1, seen.x0 + _HAIR), max(seen.y1, seen.y0 + _HAIR)
        self.marks.append((kind, Bounds(seen.x0, seen.y0, wide, high)))

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Text; invisible text, as laid under scanned pages, only moves the pen."""
        kept = len(self.marks)
        super().render_string(textstate, seq, ncs, graphicstate)
        if textstate.render in _INVISIBLE_TEXT:
            del self.marks[kept:]

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """One character; answers how far the pen moves."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "?"
        width, displacement = font.char_width(cid), font.char_disp(cid)
        char = LTChar(matrix, font, fontsize, scaling, rise, text, width, displacement, ncs, graphicstate)
        if not text.isspace():
            self.note("tekst", Bounds(*char.bbox))
        return char.adv

    def render_image(self, name: str, stream: PDFStream) -> None:
        """A picture fills the unit square of the present coordinates."""
        self.note("bilde", around(_CORNERS, self.ctm or MATRIX_IDENTITY))

    def paint_path(
        self, graphicstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Sequence[PathSegment]
    ) -> None:
        """Lines and areas, unless they are white on white."""
        inked = (stroke and not _is_white(graphicstate.scs, graphicstate.scolor)) or (
            fill and not _is_white(graphicstate.ncs, graphicstate.ncolor)
        )
        if inked:
            self.note("tegning", around(list(_points(path)), self.ctm or MATRIX_IDENTITY))


def _is_white(space: PDFColorSpace, colour: object) -> bool:
    white = _WHITE_INKS.get(space.name)
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if white is None or not all(isinstance(part, int | float) for part in parts):
        return False
    if space.name == "ICCBased" and len(parts) == 4:
        white = 0.0
    return all(abs(float(part) - white) < 0.004 for part in parts)


def _points(path: Sequence[PathSegment]) -> Iterator[tuple[float, float]]:
    for segment in path:
        numbers = [float(number) for number in segment[1:] if isinstance(number, int | float)]
        yield from zip(numbers[::2], numbers[1::2], strict=False)


class MarkInterpreter(PDFPageInterpreter):
    """Reads page content and keeps the device's clip in step with it."""

    device: MarkDevice

    def init_state(self, ctm: Matrix) -> None:
        """A new page or form: nothing saved, no clip asked for."""
        super().init_state(ctm)
        self._clips: list[Bounds] = []
        self._clip_asked = False

    def do_q(self) -> None:
        """Save the state, with the clip."""
        super().do_q()
        self._clips.append(self.device.clip)

    def do_Q(self) -> None:
        """Restore the state, with the clip."""
        super().do_Q()
        if self._clips:
            self.device.clip = self._clips.pop()

    def do_W(self) -> None:
        """The present path becomes a clip once it is painted."""
        self._clip_asked = True

    do_W_a = do_W

    def _painted(self, paint: Callable[[], None]) -> None:
        bounds = around(list(_points(self.curpath)), self.ctm) if self._clip_asked else None
        paint()
        if self._clip_asked:
            self._clip_asked = False
            self.device.clip = self.device.clip.within(bounds) if bounds else Bounds(0, 0, -1, -1)

    def do_n(self) -> None:
        """End the path without painting."""
        self._painted(super().do_n)

    def do_S(self) -> None:
        """Stroke."""
        self._painted(super().do_S)

    def do_f(self) -> None:
        """Fill."""
        self._painted(super().do_f)

    do_F = do_f

    def do_f_a(self) -> None:
        """Fill, even-odd."""
        self._painted(super().do_f_a)

    def do_B(self) -> None:
        """Fill and stroke."""
        self._painted(super().do_B)

    def do_B_a(self) -> None:
        """Fill and stroke, even-odd."""
        self._painted(super().do_B_a)

    def do_sh(self, name: object) -> None:
        """A shading fills the whole clip."""
        self.device.note("tegning", self.device.clip)

    def do_Do(self, xobjid_arg: PDFStackT) -> None:
        """A form or a picture; a form is clipped to its box."""
        before = self.device.clip
        form = stream_value(self.xobjmap.get(literal_name(xobjid_arg)))
        if literal_name(form.get("Subtype")) == "Form" and "BBox" in form:
            self.device.clip = before.within(_form_bounds(form, self.ctm))
        super().do_Do(xobjid_arg)
        self.device.clip = before
        self.device.set_ctm(self.ctm)


def _form_bounds(form: PDFStream, ctm: Matrix) -> Bounds:
    x0, y0, x1, y1 = (float(edge) for edge in list_value(form["BBox"]))
    a, b, c, d, e, f = (float(number) for number in list_value(form.get("Matrix", MATRIX_IDENTITY)))
    bounds = around(((x0, y0), (x0, y1), (x1, y0), (x1, y1)), mult_matrix((a, b, c, d, e, f), ctm))
    return bounds or Bounds(0, 0, -1, -1)
