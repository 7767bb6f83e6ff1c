"""Fonts: every font a page, its forms, patterns or notes can draw with must be in the file, but for the 14 standard."""

from collections.abc import Iterator
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Page, Stream

from letters.printability import limits
from letters.printability.findings import Findings

_FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")


def find(page: Page, number: int, findings: Findings) -> None:
    """Note fonts that are missing from the file. Raises ValueError for resources nested beyond reason."""
    seen: set[tuple[int, int]] = set()
    for resources in _resources_of(page):
        for font in _fonts(resources, seen):
            if not _is_embedded(font):
                findings.add("font_not_embedded", number, str(font.get("/BaseFont", "/uten navn")).lstrip("/"))


def _resources_of(page: Page) -> Iterator[Object]:
    own = page.obj.get("/Resources")
    if isinstance(own, Dictionary):
        yield own
    for note in _values(page.obj.get("/Annots")):
        appearances = note.get("/AP") if isinstance(note, Dictionary) else None
        for appearance in _values(appearances):
            for drawing in (appearance, *(() if isinstance(appearance, Stream) else _values(appearance))):
                if isinstance(drawing, Stream) and isinstance(drawing.get("/Resources"), Dictionary):
                    yield drawing.Resources


def _fonts(resources: Object, seen: set[tuple[int, int]]) -> Iterator[Object]:
    """Fonts of these resources and of all forms, patterns and drawn letters below them, each object once."""
    waiting = [(resources, 0)]
    while waiting:
        current, depth = waiting.pop()
        if depth > limits.MOST_NESTING:
            raise ValueError("nesting")
        for font in _values(current.get("/Font")):
            if isinstance(font, Dictionary) and _is_new(font, seen):
                yield font
                waiting += _below([font, *_values(font.get("/CharProcs"))], depth)
        waiting += _below([*_new(current.get("/XObject"), seen), *_new(current.get("/Pattern"), seen)], depth)
        states = [state.get("/SMask") for state in _values(current.get("/ExtGState")) if isinstance(state, Dictionary)]
        groups = [mask.get("/G") for mask in states if isinstance(mask, Dictionary)]
        waiting += _below([group for group in groups if isinstance(group, Stream) and _is_new(group, seen)], depth)


def _below(holders: list[Object], depth: int) -> list[tuple[Object, int]]:
    found = [holder.get("/Resources") for holder in holders if isinstance(holder, Dictionary | Stream)]
    return [(resources, depth + 1) for resources in found if isinstance(resources, Dictionary)]


def _new(container: Object | None, seen: set[tuple[int, int]]) -> list[Object]:
    return [item for item in _values(container) if _is_new(item, seen)]


def _is_new(item: Object, seen: set[tuple[int, int]]) -> bool:
    if not item.is_indirect:
        return True
    if item.objgen in seen:
        return False
    seen.add(item.objgen)
    return True


def _values(container: object) -> list[Object]:
    if isinstance(container, Array):
        return [part for part in container.as_list() if isinstance(part, Object)]
    if isinstance(container, Dictionary):
        return [part for _, part in container.items() if isinstance(part, Object)]
    return []


def _is_embedded(font: Object) -> bool:
    kind = font.get("/Subtype")
    if kind == Name("/Type3"):
        return True
    if kind == Name("/Type0"):
        below = _values(font.get("/DescendantFonts"))
        return bool(below) and all(isinstance(one, Dictionary) and _has_file(one) for one in below)
    return _has_file(font) or str(font.get("/BaseFont", "")).lstrip("/") in limits.STANDARD_FONTS


def _has_file(font: Object) -> bool:
    descriptor = font.get("/FontDescriptor")
    return isinstance(descriptor, Dictionary) and any(isinstance(descriptor.get(key), Stream) for key in _FILES)
