"""Files made to hurt: every one of them gets an answer, soon, and the next file is checked as if nothing happened."""

import os
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import accumulate

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from letters.printability import EnclosureReport, check_enclosure
from tests.letters_paper.samples import pdf_of, plain, text_at


def codes(data: bytes) -> set[str]:
    return {problem.code for problem in check_enclosure(data).problems}


def action(kind: str) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), JS=String("app.alert(1)"), F=String("x.exe"))


def on_opening(pdf: Pdf) -> None:
    pdf.Root.OpenAction = action("JavaScript")


def launches(pdf: Pdf) -> None:
    pdf.Root.OpenAction = action("Launch")


def on_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=action("JavaScript"))


def in_names(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action("JavaScript")])))


def in_field(pdf: Pdf) -> None:
    field = Dictionary(Subtype=Name.Widget, Rect=Array([90, 90, 99, 99]), A=action("SubmitForm"))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(field)])
    pdf.Root.AcroForm = Dictionary(Fields=pdf.pages[0].obj.Annots)


def film(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.RichMedia, Rect=Array([90, 90, 99, 99]))])


@pytest.mark.parametrize("change", [on_opening, launches, on_page, in_names, in_field, film])
def test_content_that_does_something(change: Callable[[Pdf], None]) -> None:
    assert codes(pdf_of([text_at(30, 50)], change=change)) == {"active_content"}


def attached(pdf: Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


def attached_to_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.FileAttachment, Rect=Array([90, 90, 99, 99]))])


@pytest.mark.parametrize("change", [attached, attached_to_page])
def test_files_inside(change: Callable[[Pdf], None]) -> None:
    assert codes(pdf_of([text_at(30, 50)], change=change)) == {"embedded_files"}


def test_xfa() -> None:
    def form(pdf: Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))

    assert codes(pdf_of([text_at(30, 50)], change=form)) == {"xfa"}


def raw(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first one being the catalogue."""
    parts = [b"%PDF-1.7\n", *(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, start=1))]
    offsets = list(accumulate(len(each) for each in parts))
    out = b"".join(parts)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[:-1])
    count = len(objects) + 1
    trailer = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, trailer)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


def one_page(page: bytes, *others: bytes) -> bytes:
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return raw([b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/Parent 2 0 R" + page + b">>", *others])


BOX = b"/MediaBox[0 0 595 842]"
FLATE = b"/Filter/FlateDecode"


def swelling(part: bytes, times: int) -> bytes:
    """What `zlib` makes of a part repeated so many times, without repeating it."""
    pressed, checksum = zlib.compressobj(9), 1
    first, again = (pressed.compress(part) + pressed.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    for _ in range(times):
        checksum = zlib.adler32(part, checksum)
    return first + again * (times - 1) + b"\x03\x00" + checksum.to_bytes(4, "big")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "page tree in a ring": lambda: raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
    "page tree with a million pages of one": lambda: raw(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count 1000000>>" % (b"3 0 R " * 1_000_000),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    ),
    "count that lies": lambda: raw([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 999999999>>"]),
    "no page tree": lambda: raw([b"<</Type/Catalog>>"]),
    "content of half a gigabyte": lambda: one_page(
        BOX + b"/Contents 4 0 R", stream(swelling(b"0 0 m 1 1 l S\n" * 1_000_000, 40), FLATE)
    ),
    "bomb in a bomb": lambda: one_page(
        BOX + b"/Contents 4 0 R",
        stream(zlib.compress(swelling(b"\0" * 9_000_000, 100), 9), b"/Filter[/FlateDecode/FlateDecode]"),
    ),
    "form that draws itself": lambda: one_page(
        BOX + b"/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>",
        stream(b"/A Do"),
        stream(b"/A Do /A Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>"),
    ),
    "deep arrays": lambda: one_page(BOX + b"/X " + b"[" * 20_000 + b"]" * 20_000),
    "deep dictionaries": lambda: one_page(BOX + b"/X " + b"<</X " * 20_000 + b"1" + b">>" * 20_000),
    "boxes without sense": lambda: one_page(b"/MediaBox[(a) /b null true]"),
    "boxes without end": lambda: one_page(b"/MediaBox[0 0 1e400 1e400]"),
    "a turn of one degree": lambda: one_page(BOX + b"/Rotate 1"),
    "unit without sense": lambda: one_page(BOX + b"/UserUnit/Name"),
    "unit zero": lambda: one_page(BOX + b"/UserUnit 0"),
    "resources that are a number": lambda: one_page(BOX + b"/Resources 7/Contents 4 0 R", stream(b"/F1 9 Tf (a) Tj")),
    "contents that are a name": lambda: one_page(BOX + b"/Contents/Name"),
    "operators without operands": lambda: one_page(
        BOX + b"/Contents 4 0 R", stream(b"re cm Tm Tj Do sh W n Q Q BI ID EI f " * 99)
    ),
    "states without end": lambda: one_page(BOX + b"/Contents 4 0 R", stream(b"q " * 500_000)),
    "stream longer than the file": lambda: one_page(
        BOX + b"/Contents 4 0 R", b"<</Length 99999999>>\nstream\na\nendstream"
    ),
    "stream with a negative length": lambda: one_page(
        BOX + b"/Contents 4 0 R", b"<</Length -1>>\nstream\na\nendstream"
    ),
    "filter that does not exist": lambda: one_page(BOX + b"/Contents 4 0 R", stream(b"abc", b"/Filter/Nothing")),
    "predictor without sense": lambda: one_page(
        BOX + b"/Contents 4 0 R",
        stream(zlib.compress(b"a" * 99), FLATE + b"/DecodeParms<</Predictor 15/Columns 99999999>>"),
    ),
    "font made of nothing": lambda: one_page(
        BOX + b"/Resources<</Font<</F1<</Type/Font/Subtype/Type0>>>>>>/Contents 4 0 R", stream(b"/F1 9 Tf (a) Tj")
    ),
    "font in a ring": lambda: one_page(
        BOX + b"/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R",
        stream(b"BT /F1 9 Tf (a) Tj ET"),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>",
    ),
    "sixty thousand objects": lambda: raw(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"] + [b"1"] * 60_000
    ),
    "header only": lambda: b"%PDF-1.4\n",
    "an image of a hundred terabytes": lambda: one_page(
        BOX + b"/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>",
        stream(b"q 500 0 0 500 60 60 cm /A Do Q"),
        stream(b"", b"/Subtype/Image/Width 9999999/Height 9999999/BitsPerComponent 8/ColorSpace/DeviceGray"),
    ),
}
PASSES = {
    "states without end",
    "form that draws itself",
    "an image of a hundred terabytes",
    "operators without operands",
}
"""Nonsense that leaves no bad mark on paper may well be printable; it must only not hurt."""


def test_what_swells_is_what_zlib_makes_of_it() -> None:
    assert zlib.decompress(swelling(b"0 0 m 1 1 l S\n", 3)) == b"0 0 m 1 1 l S\n" * 3


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_file_gets_an_answer_soon(name: str) -> None:
    started = time.monotonic()
    report = check_enclosure(HOSTILE[name]())
    assert time.monotonic() - started < 60
    assert isinstance(report, EnclosureReport)
    if name not in PASSES:
        assert report.problems
    assert check_enclosure(plain()).printable


def test_the_portal_itself_does_not_grow() -> None:
    with open(f"/proc/{os.getpid()}/statm", encoding="ascii") as file:
        before = int(file.read().split()[1])
    check_enclosure(HOSTILE["content of half a gigabyte"]())
    with open(f"/proc/{os.getpid()}/statm", encoding="ascii") as file:
        assert int(file.read().split()[1]) - before < 20_000


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.binary(max_size=400).map(lambda rest: b"%PDF-1.4\n" + rest)))
def test_random_bytes_get_a_verdict(data: bytes) -> None:
    assert check_enclosure(data).problems


SOUND = pdf_of([text_at(30, 50), text_at(30, 60)], compress_streams=False)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.binary(min_size=0, max_size=6)), min_size=1, max_size=6))
def test_spoilt_files_get_a_verdict(changes: list[tuple[int, bytes]]) -> None:
    spoilt = bytearray(SOUND)
    for place, bytes_there in changes:
        spoilt[place : place + 3] = bytes_there
    report = check_enclosure(bytes(spoilt))
    assert report.pages > 0 or report.problems


def test_a_file_that_was_rewritten_by_another_program_is_still_read() -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(SOUND)) as pdf:
        pdf.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert check_enclosure(out.getvalue()).printable
