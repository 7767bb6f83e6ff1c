"""Work on finished PDFs inside the child process: the address onto page 1, enclosures behind, and the comparison."""

from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Object, Page, Pdf, Stream

from letters.rendering import engine, likeness, wire
from letters.rendering.geometry import GEOMETRIES, PAGE_HEIGHT, Geometry
from letters.rendering.serve import Refused

_POINTS: Final = 72 / 25.4
_OVERLAY: Final = "/LetterAddress"
_BEFORE: Final = b"q\n"


def stamp(request: wire.Message) -> wire.Message:
    """The letter with the lines laid over the window of page 1, clipped to it."""
    html, letter = request.parts
    geometry = GEOMETRIES[str(request.facts["geometry"])]
    sheet = engine.address_sheet(html.decode(), geometry.name)
    with _opened(letter) as pdf, Pdf.open(BytesIO(sheet)) as overlay:
        page = pdf.pages[0]
        resources = _copied(page.obj.get("/Resources"))
        drawings = _copied(resources.get("/XObject"))
        if _OVERLAY in drawings:
            raise Refused("already_stamped")
        drawings[_OVERLAY] = pdf.copy_foreign(overlay.pages[0].as_form_xobject())
        resources.XObject = drawings
        page.obj.Resources = resources
        contents = [pdf.make_stream(_BEFORE), *_contents(page), pdf.make_stream(_after(geometry))]
        page.obj.Contents = Array(pdf.make_indirect(one) for one in contents)
        return wire.Message({}, (_saved(pdf),))


def join(request: wire.Message) -> wire.Message:
    """The first document with the pages of the others behind it."""
    main, *enclosures = request.parts
    with _opened(main) as pdf:
        for enclosure in enclosures:
            with _opened(enclosure) as source:
                pdf.pages.extend(source.pages)
        return wire.Message({"pages": len(pdf.pages)}, (_saved(pdf),))


def same(request: wire.Message) -> wire.Message:
    """Whether every page of the second document is that of the first (then of the enclosures), in order."""
    shown, printed, *enclosures = request.parts
    expected: list[str] = []
    for document in (shown, *enclosures):
        with _opened(document) as pdf:
            expected += [likeness.of_page(page) for page in pdf.pages]
    with _opened(printed) as pdf:
        _lift_address(pdf.pages[0])
        found = [likeness.of_page(page) for page in pdf.pages]
    return wire.Message({"same": found == expected})


def _lift_address(page: Page) -> None:
    """Take the address off page 1 again, if it is laid on exactly as `stamp` does."""
    contents = _contents(page)
    endings = {_after(geometry) for geometry in GEOMETRIES.values()}
    if len(contents) < 3 or contents[0].read_bytes() != _BEFORE or contents[-1].read_bytes() not in endings:
        return
    page.obj.Contents = Array(contents[1:-1])
    resources = _copied(page.obj.get("/Resources"))
    drawings = _copied(resources.get("/XObject"))
    del drawings[_OVERLAY]
    resources.XObject = drawings
    page.obj.Resources = resources


def _after(geometry: Geometry) -> bytes:
    """What draws the address: nothing outside the window's address box can be touched by it."""
    box = geometry.address
    bounds = (box.x, PAGE_HEIGHT - box.bottom, box.width, box.height)
    numbers = " ".join(f"{value * _POINTS:.3f}" for value in bounds)
    return f"\nQ\n/Artifact BMC\nq\n{numbers} re W n\n{_OVERLAY} Do\nQ\nEMC\n".encode()


def _copied(dictionary: Object | None) -> Dictionary:
    """A copy of the top level, so that pages sharing it are left alone; empty for None."""
    return Dictionary(dict(dictionary.items()) if isinstance(dictionary, Dictionary) else {})


def _contents(page: Page) -> list[Stream]:
    contents = page.obj.get("/Contents")
    parts = contents.as_list() if isinstance(contents, Array) else [contents]
    return [part for part in parts if isinstance(part, Stream)]


def _opened(document: bytes) -> Pdf:
    try:
        return Pdf.open(BytesIO(document))
    except pikepdf.PasswordError:
        raise Refused("encrypted_pdf") from None
    except pikepdf.PdfError:
        raise Refused("unreadable_pdf") from None


def _saved(pdf: Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out, deterministic_id=True, min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
