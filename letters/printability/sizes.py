"""Page size: A4, standing, at most 10 mm smaller and never larger, however the file says it.

A page may be stored lying and turned upright by /Rotate, since printers honour it; what is shown must stand. The
media box counts as well as the crop box, because some printers cut by the one and some by the other.
"""

from pikepdf import Array, Page

from letters.printability import limits
from letters.printability.findings import Findings


def find(page: Page, number: int, findings: Findings) -> None:
    """Note a page that is not A4. Raises ValueError where its boxes make no sense."""
    turned = turn(page) in (90, 270)
    unit = user_unit(page)
    for box in (page.mediabox, page.cropbox):
        left, bottom, right, top = edges(box)
        width, height = (abs(right - left), abs(top - bottom))
        if turned:
            width, height = height, width
        width, height = (side * unit * limits.MILLIMETRES_PER_POINT for side in (width, height))
        if not (_fits(width, limits.A4_WIDTH) and _fits(height, limits.A4_HEIGHT)):
            findings.add("page_size", number, f"{width:.0f} × {height:.0f} mm")


def turn(page: Page) -> int:
    """How far the page is turned clockwise when shown: 0, 90, 180 or 270 degrees."""
    degrees = int(page.rotation) % 360
    if degrees % 90:
        raise ValueError("rotation")
    return degrees


def user_unit(page: Page) -> float:
    """How many points one unit of this page is."""
    unit = float(page.obj.get("/UserUnit", 1))
    if not 0 < unit < 1e6:
        raise ValueError("user unit")
    return unit


def edges(box: Array) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a box, in the page's units."""
    first, second, third, fourth = (float(edge) for edge in box.as_list())
    return min(first, third), min(second, fourth), max(first, third), max(second, fourth)


def _fits(side: float, wanted: float) -> bool:
    return wanted - limits.SMALLER_BY - limits.LARGER_BY <= side <= wanted + limits.LARGER_BY
