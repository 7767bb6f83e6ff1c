"""The letter's PDF: the same bytes every time, complete, tagged, and with nothing from outside."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name

from letters.rendering import GEOMETRIES, AddressDoesNotFit, Renderer, RenderFailed, renderer, sheets
from letters.rendering.page import compose
from letters.rendering.typeface import FONTS, unprintable
from letters.rendering.wording import WORDINGS, wording
from tests.letters_paper.samples import letter, words_of

ROOT = Path(__file__).resolve().parents[2]
SAMI = "Čáhci Đuottar Ŋuolga Šaddá Ŧuvri Žilbma Áilu čđŋšŧž Ååøæ ʒǯǩǧǥ"


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_same_page_is_the_same_bytes_in_every_process() -> None:
    page = letter(language="se")
    first = renderer().render(page)
    other = Renderer()
    try:
        assert other.render(letter(title="Noe annet")).sha256 != first.sha256
        assert other.render(page) == first
    finally:
        other.close()
    assert first.sha256 == hashlib.sha256(first.data).hexdigest()


def test_another_program_gets_the_same_bytes() -> None:
    """Another interpreter, another hash seed, another locale and time zone."""
    code = (
        "from tests.letters_paper.samples import letter; from letters.rendering import renderer;"
        "print(renderer().render(letter()).sha256)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == renderer().render(letter()).sha256


def test_every_word_is_on_the_page_in_reading_order() -> None:
    words = squeezed(words_of(renderer().render(letter()).data, 0))
    order = [
        "HelseNordvest",
        "Nordvågsykehus",
        "KariNordmannØstgård",
        "Ortopediskpoliklinikk",
        "Postboks1234",
        "22.november2026",
        "B-2026-000123",
        "75123456",
        "Innkallingtilundersøkelseavkneet",
        "Fastlegendin",
        "Onsdag9.desember2026kl.10.30",
        "Minhelse(minhelse.example/timer)",
        "Egenandel",
        "Vennlighilsen",
    ]
    places = [words.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "Side1av1" in words


def test_a_letter_of_several_pages_counts_them_and_repeats_its_reference() -> None:
    made = renderer().render(letter(body="<p>En setning til deg.</p>" * 80))
    assert made.pages >= 3
    for number in range(made.pages):
        words = squeezed(words_of(made.data, number))
        assert f"Side{number + 1}av{made.pages}" in words
        assert "B-2026-000123" in words


def test_the_file_is_tagged_titled_and_speaks_its_language() -> None:
    with pikepdf.open(BytesIO(renderer().render(letter(language="se", title="Bovdehus")).data)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert str(pdf.Root.Lang) == "se"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert Name.StructTreeRoot in pdf.Root
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Bovdehus"
            assert str(metadata["pdfuaid:part"]) == "1"


def test_all_fonts_are_ours_and_embedded() -> None:
    made = renderer().render(letter(body=f"<p>{SAMI} <b>fet</b> <em>kursiv</em> CO₂ → ☐</p>"))
    names = set()
    with pikepdf.open(BytesIO(made.data)) as pdf:
        for page in pdf.pages:
            for font in page.obj.Resources.Font.values():
                below = font.DescendantFonts[0]
                assert "/FontFile2" in below.FontDescriptor or "/FontFile3" in below.FontDescriptor
                names.add(str(below.BaseFont).split("+")[1].split("-")[0])
    assert names == {"Open", "Letter"}


def test_sami_letters_come_out_whole() -> None:
    made = renderer().render(letter(title=SAMI, recipient_name="Áilu Čáhcelaš Ŋuorggáš", body=f"<p>{SAMI}</p>"))
    words = squeezed(words_of(made.data, 0))
    assert words.count(squeezed(SAMI)) == 2
    assert "ÁiluČáhcelašŊuorggáš" in words


@pytest.mark.parametrize(("language", "label"), [("nb", "Dato"), ("nn", "Gjeld"), ("se", "Beaivi"), ("en", "Date")])
def test_labels_follow_the_language_of_the_letter(language: str, label: str) -> None:
    made = renderer().render(letter(language=language, concerning="Per Nordmann"))
    words = words_of(made.data, 0)
    assert label in words
    assert wording(language).page in words


def test_an_unknown_language_gets_bokmaal_labels() -> None:
    assert wording("ar") is WORDINGS["nb"]
    assert wording("nb-NO") is WORDINGS["nb"]


def test_a_letter_to_the_patient_does_not_say_whom_it_concerns() -> None:
    assert "Gjelder" not in compose(letter(concerning="Kari Nordmann Østgård"))
    assert "Gjelder" in compose(letter(concerning="Per Nordmann"))


def test_markup_in_facts_is_text() -> None:
    html = compose(letter(title="<script>1</script>", reference='"><img src=x>', unit="<b>", recipient_name="A<b>"))
    assert "<script>" not in html
    assert "<img" not in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    "body",
    [
        "<img src='http://127.0.0.1:1/x.png' alt=x>",
        "<img src='file:///etc/hostname' alt=x>",
        "<img src='data:image/svg+xml,<svg/>' alt=x>",
        "<img src='letters-asset:../../pyproject.toml' alt=x>",
        "<img src='letters-asset:fonts/OpenSans-Bold.ttf' alt=x>",
        "<link rel=attachment href='file:///etc/hostname'>",
        "<a rel=attachment href='file:///etc/hostname'>a</a>",
        "<style>@import 'https://x.example/x.css';</style>",
        "<style>p { background: url(https://x.example/x.png) }</style><p>a</p>",
        "<object data='file:///etc/hostname'></object>",
        "<embed src='file:///etc/hostname'>",
        "<svg><image href='file:///etc/hostname'/></svg>",
    ],
)
def test_nothing_is_fetched_even_if_a_body_slips_past_the_check(body: str) -> None:
    with pytest.raises(RenderFailed) as failure:
        renderer().render(letter(body=f"<p>a</p>{body}"))
    assert failure.value.code in ("foreign_resource", "asset_missing")
    assert renderer().render(letter()).pages == 1


def test_a_picture_that_cannot_be_drawn_fails_the_letter() -> None:
    with pytest.raises(RenderFailed):
        renderer().render(letter(body="<img src='letters-asset:logo.svg'>"))


def test_links_to_telephones_already_in_the_text_are_not_repeated() -> None:
    html = compose(letter(body='<p><a href="tel:+4775123456">75 12 34 56</a> <a href="mailto:a@b.no">skriv</a></p>'))
    assert 'data-address="75' not in html
    assert 'data-address="a@b.no"' in html


def test_a_name_too_long_for_the_window_is_refused_not_cut() -> None:
    with pytest.raises(AddressDoesNotFit):
        renderer().render(letter(recipient_name="A" * 90))


def test_a_long_head_pushes_the_letter_down_instead_of_covering_it() -> None:
    crowded = letter(
        unit="Avdeling for fysikalsk medisin og rehabilitering, seksjon for barn og unge, poliklinikken på Storslett",
        return_lines=tuple(f"Adresselinje nummer {number} i svaradressen" for number in range(1, 7)),
        concerning="Biret Ánne Márjá Kristine Čáhcelaš Ŋuorggáš-Nordmann",
        hospital="Universitetssykehuset for fjell, fjord og vidde, klinikk Nordvåg",
    )
    for geometry in GEOMETRIES:
        words = squeezed(words_of(renderer().render(letter(**{**_facts(crowded), "geometry": geometry})).data, 0))
        assert words.find("Ŋuorggáš-Nordmann") < words.find("Innkallingtil")


def _facts(page: object) -> dict[str, object]:
    names = ("unit", "return_lines", "concerning", "hospital")
    return {name: getattr(page, name) for name in names}


def test_sheets() -> None:
    assert [sheets(pages, duplex=True) for pages in (1, 2, 3, 20)] == [1, 1, 2, 10]
    assert sheets(3, duplex=False) == 3


def test_the_typefaces_hold_what_norwegian_letters_need_and_come_with_licences() -> None:
    assert list(unprintable(SAMI + "ÆØÅæøå«»–—…€½²³°µ≤≥±×→✓☐αβγНадежда")) == []
    assert list(unprintable("a漢\u202eb")) == ["\u202e", "漢"]
    assert {path.name for path in FONTS.glob("*LICENSE*")} == {"LICENSE.txt", "LetterReserve-LICENSE.txt"}
