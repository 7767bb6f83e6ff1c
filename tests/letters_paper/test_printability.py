"""Each print rule, broken alone, with the page it is broken on."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from weasyprint import HTML

from letters.printability import EnclosureReport, check_enclosure, check_outgoing
from letters.rendering import renderer
from tests.letters_paper import samples
from tests.letters_paper.samples import MM, filled_at, image_at, letter, pdf_of, plain, text_at


def problems(report: EnclosureReport) -> list[tuple[str, tuple[int, ...]]]:
    return [(problem.code, problem.pages) for problem in report.problems]


def found(data: bytes) -> list[tuple[str, tuple[int, ...]]]:
    return problems(check_enclosure(data))


def test_a_plain_leaflet_is_printable() -> None:
    report = check_enclosure(plain(3))
    assert report == EnclosureReport(3, ())
    assert report.printable


def test_an_office_document_is_printable() -> None:
    """Margins of 25 mm, embedded fonts, a link, an opening view, a white page behind: nothing to object to."""

    def as_office_programs_do(pdf: Pdf) -> None:
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.XYZ, 0, 842, 0])
        pdf.pages[0].contents_add(filled_at(0, 0, 210, 297, "1 g"), prepend=True)
        pdf.pages[0].contents_add(filled_at(0, 0, 210, 297, "1 1 1 rg"), prepend=True)

    made = HTML(string="<p>Brosjyre med <a href='https://x.example/'>lenke</a>").write_pdf()
    with Pdf.open(BytesIO(made)) as pdf:
        as_office_programs_do(pdf)
        out = BytesIO()
        pdf.save(out)
    assert found(out.getvalue()) == []


def test_our_own_letters_follow_our_own_rules() -> None:
    for geometry in ("c5-window", "eprom-field"):
        long = letter(geometry=geometry, body="<p>En setning til deg.</p>" * 90)
        made = renderer().render(long)
        assert made.pages > 2
        assert check_outgoing(made.data) == EnclosureReport(made.pages, ())


@pytest.mark.parametrize("version", ["1.0", "1.3", "1.7"])
def test_versions_that_printers_take(version: str) -> None:
    assert found(plain().replace(b"%PDF-1.7", b"%PDF-" + version.encode(), 1)) == []


def test_pdf_2_in_the_header() -> None:
    assert found(pdf_of([text_at(30, 50)], force_version="2.0")) == [("version", ())]


def test_pdf_2_in_the_catalogue() -> None:
    def claim(pdf: Pdf) -> None:
        pdf.Root.Version = Name("/2.0")

    assert found(pdf_of([text_at(30, 50)], change=claim, force_version="1.7")) == [("version", ())]


@pytest.mark.parametrize(
    "data", [b"", b"hei", b"<script>1</script>" + plain(), b"\n" + plain(), b"PK\x03\x04" + plain()]
)
def test_not_a_pdf_from_the_first_byte(data: bytes) -> None:
    assert found(data) == [("not_pdf", ())]


def test_another_file_behind_the_pdf() -> None:
    assert ("trailing_data", ()) in found(plain() + b"PK\x03\x04" + b"x" * 500)


@pytest.mark.parametrize("password", ["", "hemmelig"])
def test_encrypted(password: str) -> None:
    locked = pdf_of([text_at(30, 50)], encryption=pikepdf.Encryption(owner="eier", user=password))
    assert found(locked) == [("encrypted", ())]


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_truncated(part: float) -> None:
    whole = plain(3)
    assert ("corrupt", ()) in found(whole[: int(len(whole) * part)])


def test_no_pages() -> None:
    assert found(pdf_of([])) == [("no_pages", ())]


def test_nineteen_pages_pass_and_twenty_do_not() -> None:
    assert found(plain(19)) == []
    assert found(plain(20)) == [("too_many_pages", ())]
    assert problems(check_outgoing(plain(20))) == []
    report = check_outgoing(plain(21))
    assert (report.pages, problems(report)) == (21, [("too_many_pages", ())])
    assert "21 sider" in report.problems[0].text


def test_too_large_is_not_even_opened() -> None:
    assert found(plain() + b"\0" * (10 * 1024 * 1024)) == [("too_large", ())]


A3 = (0, 0, 842, 1191)
LETTER_US = (0, 0, 612, 792)
LYING = (0, 0, 842, 595)


@pytest.mark.parametrize("box", [A3, LETTER_US, LYING, (0, 0, 595, 870), (0, 0, 540, 842), (0, 0, 1, 1)])
def test_page_size(box: tuple[float, ...]) -> None:
    assert ("page_size", (1,)) in found(pdf_of([b""], box=box))


@pytest.mark.parametrize("box", [(0, 0, 595, 842), (100, -50, 695, 792), (0, 0, 570, 815), (595, 842, 0, 0)])
def test_page_sizes_that_pass(box: tuple[float, ...]) -> None:
    assert found(pdf_of([b""], box=box)) == []


def test_page_size_says_which_page_and_how_large() -> None:
    def grow(pdf: Pdf) -> None:
        pdf.pages[1].mediabox = Array(A3)

    report = check_enclosure(pdf_of([b""] * 3, change=grow))
    assert [problem.text for problem in report.problems] == [
        "Siden er ikke A4 i stående format (297 × 420 mm). Gjelder side 2."
    ]


def test_page_size_by_other_ways() -> None:
    def by_crop_box(pdf: Pdf) -> None:
        pdf.pages[0].cropbox = Array([0, 0, 300, 300])

    def by_turn(pdf: Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    def by_unit(pdf: Pdf) -> None:
        pdf.pages[0].obj.UserUnit = 2

    def by_large_sheet(pdf: Pdf) -> None:
        pdf.pages[0].mediabox = Array(A3)
        pdf.pages[0].cropbox = Array([0, 0, 595, 842])

    for change in (by_crop_box, by_turn, by_unit, by_large_sheet):
        assert found(pdf_of([b""], change=change)) == [("page_size", (1,))]


def test_a_lying_page_turned_upright_passes_and_its_margin_is_the_one_seen() -> None:
    def turn(pdf: Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    fine = f"BT /F1 10 Tf 1 0 0 1 400 {100 * MM:.0f} Tm (tekst) Tj ET".encode()
    low = f"BT /F1 10 Tf 1 0 0 1 60 {5 * MM:.0f} Tm (tekst) Tj ET".encode()
    assert found(pdf_of([fine], box=LYING, change=turn)) == []
    assert found(pdf_of([low], box=LYING, change=turn)) == [("left_margin", (1,))]


def test_text_in_the_barcode_zone_on_page_three() -> None:
    pages = [text_at(30, 50), text_at(30, 50), text_at(5, 130), text_at(30, 50)]
    report = check_enclosure(pdf_of(pages))
    assert problems(report) == [("barcode_zone", (3,))]
    assert "side 3" in report.problems[0].text


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (text_at(5, 130), "barcode_zone"),
        (image_at(5, 100, 5, 5), "barcode_zone"),
        (filled_at(2, 120, 3, 3), "barcode_zone"),
        (b"0 0 m 30 400 l S\n", "barcode_zone"),
        (filled_at(0, 0, 210, 297, "0.9 g"), "barcode_zone"),
        (image_at(0, 0, 210, 297), "barcode_zone"),
        (b"0 0 0 1 k 10 400 10 20 re f*\n", "barcode_zone"),
        (b"10 400 10 20 re F\n", "barcode_zone"),
        (text_at(5, 50), "left_margin"),
        (text_at(16, 130), "left_margin"),
        (filled_at(10, 20, 100, 3), "left_margin"),
        (text_at(-2, 220), "left_margin"),
    ],
)
def test_marks_to_the_left(mark: bytes, code: str) -> None:
    assert found(pdf_of([mark])) == [(code, (1,))]


@pytest.mark.parametrize(
    "mark",
    [
        text_at(18.2, 130),
        filled_at(19, 100, 2, 50),
        filled_at(0, 90, 210, 100, "1 1 1 rg"),
        filled_at(0, 90, 210, 100, "0 0 0 0 k"),
        b"q 60 0 500 842 re W n " + filled_at(0, 0, 210, 297, "0.9 g") + b"Q\n",
        b"q 60 0 500 842 re W n " + image_at(0, 0, 210, 297) + b"Q\n",
        b"3 Tr " + text_at(5, 130),
        text_at(5, 130, "   "),
        b"10 400 10 20 re n\n",
    ],
)
def test_what_does_not_show_on_paper_does_not_count(mark: bytes) -> None:
    assert found(pdf_of([mark])) == []


def test_a_clip_ends_with_its_state() -> None:
    assert found(pdf_of([b"q 60 0 500 842 re W n Q " + text_at(5, 130)])) == [("barcode_zone", (1,))]


def test_marks_inside_a_form_are_seen_where_the_form_is_put() -> None:
    def put_form(pdf: Pdf) -> None:
        form = pdf.make_stream(b"0 g 0 0 20 20 re f")
        form.stream_dict.Type, form.stream_dict.Subtype = Name.XObject, Name.Form
        form.stream_dict.BBox = Array([0, 0, 20, 20])
        pdf.pages[0].obj.Resources.XObject = Dictionary(Fm=form)

    at_zone = f"q 1 0 0 1 {5 * MM:.1f} {150 * MM:.1f} cm /Fm Do Q".encode()
    beside = f"q 1 0 0 1 {50 * MM:.1f} {150 * MM:.1f} cm /Fm Do Q".encode()
    assert found(pdf_of([at_zone], change=put_form)) == [("barcode_zone", (1,))]
    assert found(pdf_of([beside], change=put_form)) == []


def test_a_printed_note_in_the_margin_counts() -> None:
    def note(pdf: Pdf) -> None:
        drawing = pdf.make_stream(b"0 0 10 10 re f", Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))
        stamp = Dictionary(Subtype=Name.Stamp, Rect=Array([5, 400, 30, 420]), F=4, AP=Dictionary(N=drawing))
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])

    assert found(pdf_of([b""], change=note)) == [("barcode_zone", (1,))]


def with_font(font: Dictionary, *, in_form: bool = False) -> bytes:
    def change(pdf: Pdf) -> None:
        fonts = Dictionary(Font=Dictionary(F2=font))
        if not in_form:
            pdf.pages[1].obj.Resources = fonts
            return
        form = Stream(pdf, b"", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Resources=fonts)
        pdf.pages[1].obj.Resources = Dictionary(XObject=Dictionary(Fm=form))

    return pdf_of([b"", b""], change=change)


ARIAL = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ArialMT"))
COMPOSITE = Dictionary(
    Type=Name.Font,
    Subtype=Name.Type0,
    BaseFont=Name("/Calibri"),
    Encoding=Name("/Identity-H"),
    DescendantFonts=Array([Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/Calibri"))]),
)


@pytest.mark.parametrize("in_form", [False, True])
@pytest.mark.parametrize("font", [ARIAL, COMPOSITE], ids=["simple", "composite"])
def test_a_font_that_is_not_in_the_file(font: Dictionary, in_form: bool) -> None:
    report = check_enclosure(with_font(font, in_form=in_form))
    assert problems(report) == [("font_not_embedded", (2,))]
    assert str(font.BaseFont)[1:] in report.problems[0].text


@pytest.mark.parametrize("name", ["Helvetica", "Times-Roman", "ZapfDingbats"])
def test_the_standard_fonts_are_in_the_printer(name: str) -> None:
    assert found(with_font(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}")))) == []


def test_everything_wrong_is_said_at_once() -> None:
    def spoil(pdf: Pdf) -> None:
        pdf.pages[1].mediabox = Array(A3)
        pdf.pages[2].obj.Resources.Font.F3 = ARIAL
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    pages = [text_at(30, 50)] * 22
    pages[4] = text_at(5, 130)
    codes = {code for code, _ in found(pdf_of(pages, change=spoil))}
    assert codes == {"too_many_pages", "page_size", "font_not_embedded", "active_content", "barcode_zone"}


def test_page_numbers_are_said_as_people_say_them() -> None:
    pages = [text_at(5, 130) if number in (1, 3, 4, 5, 9) else b"" for number in range(1, 11)]
    assert check_enclosure(pdf_of(pages)).problems[0].text.endswith("Gjelder side 1, 3–5 og 9.")


def test_a_check_does_not_change_with_what_was_checked_before() -> None:
    assert found(samples.plain()) == found(samples.plain())
