"""A letter as hospitals write them, and PDFs with exactly one thing wrong."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf

from letters.body import normalise
from letters.rendering import LetterPage

A4 = (0.0, 0.0, 595.28, 841.89)
MM = 72 / 25.4

BODY = """
<p>Hei,</p>
<p>Fastlegen din har henvist deg til oss. Vi ønsker deg velkommen til undersøkelse av kneet.</p>
<div class="boks"><p><strong>Onsdag 9. desember 2026 kl. 10.30</strong></p><p>Inngang C, 2. etasje</p></div>
<h2>Slik forbereder du deg</h2>
<ul><li>Ta med bilder hvis du har tatt røntgen et annet sted.</li><li>Du kan spise og drikke som vanlig.</li></ul>
<p>Du kan endre timen på <a href="https://minhelse.example/timer/">Min helse</a>.</p>
<table><thead><tr><th scope="col">Hva</th><th scope="col" class="tall">Kroner</th></tr></thead>
<tbody><tr><td>Egenandel</td><td class="tall">403</td></tr><tr><td>Bandasje</td><td class="tall">120</td></tr></tbody>
</table>
<p>Vennlig hilsen<br>Ortopedisk poliklinikk</p>
"""


def letter(**changed: Any) -> LetterPage:
    """A page with everything in its place, except what is changed."""
    facts: dict[str, Any] = {
        "title": "Innkalling til undersøkelse av kneet",
        "body": normalise(BODY),
        "recipient_name": "Kari Nordmann Østgård",
        "day": date(2026, 11, 22),
        "reference": "B-2026-000123",
        "unit": "Ortopedisk poliklinikk",
        "hospital": "Nordvåg sykehus",
        "region": "Helse Nordvest",
        "return_lines": ("Postboks 1234", "8400 Sortland"),
        "phone": "75 12 34 56",
    }
    return LetterPage(**{**facts, **changed})


def text_at(x_mm: float, y_mm: float, words: str = "tekst") -> bytes:
    """Text whose baseline begins so far from the left and the top of an A4 page."""
    return f"BT /F1 10 Tf 1 0 0 1 {x_mm * MM:.2f} {(297 - y_mm) * MM:.2f} Tm ({words}) Tj ET\n".encode()


def filled_at(x_mm: float, y_mm: float, width: float, height: float, colour: str = "0 g") -> bytes:
    """A filled rectangle, top left corner and size in millimetres."""
    corner = f"{x_mm * MM:.2f} {(297 - y_mm - height) * MM:.2f}"
    return f"{colour} {corner} {width * MM:.2f} {height * MM:.2f} re f\n".encode()


def image_at(x_mm: float, y_mm: float, width: float, height: float) -> bytes:
    """An inline picture of one pixel stretched to a place."""
    place = f"{width * MM:.2f} 0 0 {height * MM:.2f} {x_mm * MM:.2f} {(297 - y_mm - height) * MM:.2f} cm"
    return f"q {place} BI /W 1 /H 1 /BPC 8 /CS /G ID ".encode() + b"\x40" + b" EI Q\n"


def pdf_of(
    pages: Sequence[bytes],
    box: Sequence[float] = A4,
    change: Callable[[Pdf], None] | None = None,
    **saving: Any,
) -> bytes:
    """A PDF 1.7 with one page per content; `change` may spoil it before it is saved."""
    with Pdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for content in pages:
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array(box),
                Contents=pdf.make_stream(content),
                Resources=Dictionary(Font=Dictionary(F1=font)),
            )
            pdf.pages.append(Page(pdf.make_indirect(page)))
        if change is not None:
            change(pdf)
        out = BytesIO()
        pdf.save(out, **{"min_version": "1.7", **saving})
        return out.getvalue()


def plain(pages: int = 1) -> bytes:
    """A PDF nobody can object to."""
    return pdf_of([text_at(30, 50)] * pages)


def words_of(pdf: bytes, page: int) -> str:
    """The words of a page (from 0) in the order of its content."""
    from pdfminer.high_level import extract_text

    return extract_text(BytesIO(pdf), page_numbers=[page])


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)
