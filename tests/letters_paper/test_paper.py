"""Address onto page 1, enclosures behind, and proof that nothing else has changed (invariant I6)."""

from io import BytesIO

import pikepdf
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTTextContainer, LTTextLine
from pypdfium2 import PdfDocument

from letters.printability import check_outgoing
from letters.rendering import C5_WINDOW, GEOMETRIES, AddressDoesNotFit, Geometry, RenderFailed, renderer
from tests.letters_paper.samples import MM, letter, page_count, pdf_of, plain, text_at, words_of

LINES = ("Kari Nordmann Østgård", "Søndre Fjellveien 123 B", "9730 KÁRÁŠJOHKA KARASJOK")
LONGEST = (
    "Áilu Ánde Čáhcelaš Gáski-Sárá Ŋáhkkáš Đuottar Žiŋŋalaš Ŧuora",
    "c/o Sámi giellaguovddáš Ŋuorggáš",
    "Deatnogeaidnu 1234, Boaresgieddi B",
    "Ørretdalsveien næringspark bygg 17",
    "Postboks 99 Čoalbmejohka",
    "9845 DEATNU TANA",
)
LONG_LETTER = "<p>En setning til deg, med noen ord i.</p>" * 60
BOTH = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)


def lines_in(pdf: bytes, geometry: Geometry) -> list[LTTextLine]:
    """The text lines on page 1 inside the address box, from the top."""
    box = geometry.address
    layout = next(iter(extract_pages(BytesIO(pdf), maxpages=1, laparams=LAParams(all_texts=True))))
    found = []
    for line in _lines(layout):
        x, y = line.x0 / MM, 297 - line.y1 / MM
        if box.x - 1 <= x <= box.right and box.y - 1 <= y <= box.bottom:
            found.append(line)
    return sorted(found, key=lambda line: -line.y1)


def _lines(item: object) -> list[LTTextLine]:
    if isinstance(item, LTTextLine):
        return [item]
    if isinstance(item, LTTextContainer) or hasattr(item, "__iter__"):
        return [line for part in item for line in _lines(part)]
    return []


def test_the_longest_name_has_sixty_letters() -> None:
    assert len(LONGEST[0]) == 60


@BOTH
def test_the_address_stands_complete_in_the_window(geometry: Geometry) -> None:
    screen = renderer().render(letter(geometry=geometry.name, recipient_name=LONGEST[0]))
    printed = renderer().stamp_address(screen.data, LONGEST, geometry)
    words = "".join(words_of(printed, 0).split())
    for line in LONGEST[1:]:
        assert "".join(line.split()) in words
    assert words.count("".join(LONGEST[0].split())) == 2, "once on screen's page, once in the overlay that covers it"
    assert check_outgoing(printed).problems == ()


@BOTH
def test_the_address_is_plain_type_of_one_size_on_a_straight_edge(geometry: Geometry) -> None:
    blank = pdf_of([b""])
    printed = renderer().stamp_address(blank, ["", *LONGEST, "  "], geometry)
    lines = lines_in(printed, geometry)
    assert len(lines) == len(LONGEST) + 1, "the long name takes two lines and no line is blank"
    assert len({round(line.x0, 0) for line in lines}) == 1
    characters = [one for line in lines for one in line if isinstance(one, LTChar)]
    sizes = {round(one.matrix[0] * 1.0, 2) if one.matrix[0] > 1 else round(one.size, 2) for one in characters}
    assert len(sizes) == 1
    assert all("Bold" not in one.fontname and "Italic" not in one.fontname for one in characters)
    assert all(line.x1 / MM <= geometry.address.right + 0.1 for line in lines)
    assert all(297 - line.y0 / MM <= geometry.address.bottom + 0.1 for line in lines)


def drawn(pdf: bytes) -> tuple[int, bytes]:
    """Page 1 as rows of grey pixels, 4 to the millimetre, and how many there are in a row."""
    with PdfDocument(pdf) as document:
        picture = document[0].render(scale=4 * 25.4 / 72, grayscale=True)
    rows = bytes(picture.buffer)
    return picture.width, b"".join(rows[at : at + picture.width] for at in range(0, len(rows), picture.stride))


@BOTH
def test_nothing_but_name_and_address_is_in_the_window_and_nothing_else_moves(geometry: Geometry) -> None:
    screen = renderer().render(letter(geometry=geometry.name, recipient_name=LONGEST[0])).data
    printed = renderer().stamp_address(screen, LONGEST, geometry)
    width, before = drawn(screen)
    _, after = drawn(printed)
    box, window = geometry.address, geometry.window
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        x, y = place % width / 4, place // width / 4
        inside = box.x - 0.5 <= x <= box.right + 0.5 and box.y - 0.5 <= y <= box.bottom + 0.5
        assert inside or old == new
        in_window = window.x + 0.5 < x < window.right - 0.5 and window.y + 0.5 < y < window.bottom - 0.5
        assert inside or not in_window or new > 250


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("", " "),
        ("Kari", "A" * 80, "0001 OSLO"),
        tuple(f"Linje {number}" for number in range(10)),
        ("漢字", "Veien 1", "0001 OSLO"),
        ("Kari\u202e", "Veien 1", "0001 OSLO"),
        ("Et veldig langt navn " * 40,),
    ],
)
def test_an_address_that_does_not_fit_is_refused_never_cut(lines: tuple[str, ...]) -> None:
    with pytest.raises(AddressDoesNotFit):
        renderer().stamp_address(plain(), lines, C5_WINDOW)


def test_an_address_error_tells_nothing_about_the_address() -> None:
    with pytest.raises(AddressDoesNotFit) as refusal:
        renderer().stamp_address(plain(), ("Hemmeligveien" * 9,), C5_WINDOW)
    assert "Hemmelig" not in str(refusal.value)


def test_the_printed_letter_is_the_shown_letter_but_for_the_address() -> None:
    screen = renderer().render(letter(body=LONG_LETTER)).data
    printed = renderer().stamp_address(screen, LINES, C5_WINDOW)
    assert printed != screen
    assert renderer().same_content(screen, screen)
    assert renderer().same_content(screen, printed)
    assert not renderer().same_content(printed, screen)


def test_pages_from_the_second_on_keep_their_very_streams() -> None:
    screen = renderer().render(letter(body=LONG_LETTER)).data
    printed = renderer().stamp_address(screen, LINES, C5_WINDOW)
    with pikepdf.open(BytesIO(screen)) as shown, pikepdf.open(BytesIO(printed)) as stamped:
        assert len(shown.pages) == len(stamped.pages) > 1
        for before, after in zip(list(shown.pages)[1:], list(stamped.pages)[1:], strict=True):
            assert before.obj.Contents.read_bytes() == after.obj.Contents.read_bytes()
            assert "/LetterAddress" not in after.obj.Resources.get("/XObject", {})


def altered(pdf: bytes, page: int, content: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.pages[page].contents_add(content)
        out = BytesIO()
        opened.save(out)
        return out.getvalue()


@pytest.mark.parametrize("page", [0, 1])
def test_one_dot_more_is_another_letter(page: int) -> None:
    screen = renderer().render(letter(body=LONG_LETTER)).data
    printed = renderer().stamp_address(screen, LINES, C5_WINDOW)
    assert not renderer().same_content(screen, altered(printed, page, b"0 0 1 1 re f"))


def test_another_body_title_or_picture_is_another_letter() -> None:
    screen = renderer().render(letter()).data
    for other in (letter(title="Noe annet"), letter(body="<p>Kl. 10.31</p>"), letter(reference="B-2")):
        printed = renderer().stamp_address(renderer().render(other).data, LINES, C5_WINDOW)
        assert not renderer().same_content(screen, printed)


def test_the_same_letter_packed_otherwise_is_the_same_letter() -> None:
    screen = renderer().render(letter(body=LONG_LETTER)).data
    out = BytesIO()
    with pikepdf.open(BytesIO(screen)) as pdf:
        pdf.save(out, linearize=True, recompress_flate=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert out.getvalue() != screen
    assert renderer().same_content(screen, out.getvalue())


def test_enclosures_follow_in_order_and_are_counted_in_the_comparison() -> None:
    screen = renderer().render(letter()).data
    printed = renderer().stamp_address(screen, LINES, C5_WINDOW)
    first, second = pdf_of([text_at(30, 50, "en")] * 2), pdf_of([text_at(30, 50, "to")])
    joined = renderer().join(printed, [first, second])
    assert page_count(joined) == 4
    assert [words_of(joined, page).strip() for page in (1, 2, 3)] == ["en", "en", "to"]
    assert renderer().same_content(screen, joined, [first, second])
    assert not renderer().same_content(screen, joined, [second, first])
    assert not renderer().same_content(screen, joined)
    assert check_outgoing(joined).printable


def test_stamping_and_joining_give_the_same_bytes_again() -> None:
    screen = renderer().render(letter()).data
    results = {renderer().join(renderer().stamp_address(screen, LINES, C5_WINDOW), [plain(2)]) for _ in range(3)}
    assert len(results) == 1


def test_no_letter_is_stamped_twice() -> None:
    printed = renderer().stamp_address(renderer().render(letter()).data, LINES, C5_WINDOW)
    with pytest.raises(RenderFailed, match="already_stamped"):
        renderer().stamp_address(printed, LINES, C5_WINDOW)


def test_what_is_not_a_pdf_is_refused() -> None:
    with pytest.raises(RenderFailed, match="unreadable_pdf"):
        renderer().stamp_address(b"hei", LINES, C5_WINDOW)
    locked = pdf_of([b""], encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(RenderFailed, match="encrypted_pdf"):
        renderer().join(plain(), [locked])
