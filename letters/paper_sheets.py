"""From a letter's row to PDF: the letter itself, and the sheets for one posting."""

from hashlib import sha256

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from letters.addressing import FIRST_YOUTH_AGE, Recipient, ages_on
from letters.commands.paper import Sheets
from letters.models import Document, Letter, Posting
from letters.orders import LetterOrder
from letters.printability import LETTER_PAGES, check_outgoing
from letters.registers import address_digest
from letters.rendering import LetterPage, RenderedPdf, renderer, sheets
from letters.rendering.geometry import GEOMETRIES
from portal.kernel import clock
from portal.kernel.errors import FinalError
from portal.people.models import Unit


def render_letter(letter: Letter) -> RenderedPdf:
    """The letter's PDF without an address: what the patient sees, and what goes on paper.

    Raises as the renderer does, and FinalError for a letter that a printer would refuse.
    """
    made = renderer().render(
        LetterPage(
            title=letter.title,
            body=letter.body_html,
            recipient_name=_addressed(letter),
            day=letter.received_at.astimezone(clock.OSLO).date(),
            reference=str(letter.id)[:8],
            unit=letter.unit.name,
            hospital=letter.unit.hospital,
            region=settings.REGION_NAME,
            return_lines=tuple(letter.unit.return_lines),
            phone=letter.unit.phone,
            language=letter.language,
            concerning=letter.person.name,
            geometry=settings.PRINT_GEOMETRY,
        )
    )
    report = check_outgoing(made.data)
    enclosed = sum(letter.documents.filter(kind=Document.Kind.ENCLOSURE).values_list("pages", flat=True))
    if report.problems:
        raise FinalError("not-printable", report.problems[0].code)
    if made.pages + enclosed > LETTER_PAGES:
        raise FinalError("too-many-pages")
    return made


def pages_of(order: LetterOrder, unit: Unit | None) -> int:
    """How many pages the letter itself will take, by making it; for long letters at intake. Raises as the renderer."""
    return (
        renderer()
        .render(
            LetterPage(
                title=order.title,
                body=order.body_html,
                recipient_name="Pasienten",
                day=clock.today(),
                reference="00000000",
                unit=unit.name if unit else "",
                hospital=unit.hospital if unit else "",
                region=settings.REGION_NAME,
                return_lines=tuple(unit.return_lines) if unit else (),
                phone=unit.phone if unit else "",
                language=order.language,
                geometry=settings.PRINT_GEOMETRY,
            )
        )
        .pages
    )


def _addressed(letter: Letter) -> str:
    """Whose name stands in the window on screen: the patient's, or for a child those who are responsible."""
    person = letter.person
    youngest, _oldest = ages_on(clock.today(), person.birth_date, person.birth_year)
    if youngest is None or youngest >= FIRST_YOUTH_AGE:
        return person.name
    with translation.override(letter.language):
        return _("Foresatte til %(name)s") % {"name": person.name}


def make_sheets(posting: Posting, outcome: Recipient) -> Sheets:
    """The letter with the address in its window, followed by its enclosures: what the printer gets.

    The letter's own pages are the very bytes that are shown on screen; only the address is laid over them.
    """
    stored = posting.letter.documents.filter(posting=None).order_by("number")
    main = stored.filter(kind=Document.Kind.LETTER).first()
    if main is None:
        raise FinalError("letter-pdf-missing")
    enclosures = list(stored.filter(kind=Document.Kind.ENCLOSURE))
    geometry = GEOMETRIES[settings.PRINT_GEOMETRY]
    pdf = renderer().stamp_address(bytes(main.data), outcome.lines, geometry)
    if enclosures:
        pdf = renderer().join(pdf, [bytes(enclosure.data) for enclosure in enclosures])
    if not renderer().same_content(bytes(main.data), pdf, [bytes(enclosure.data) for enclosure in enclosures]):
        raise FinalError("sheets-differ-from-screen")
    pages = main.pages + sum(enclosure.pages for enclosure in enclosures)
    return Sheets(
        pdf=pdf,
        sha256=sha256(pdf).hexdigest(),
        window=outcome.lines,
        pages=pages,
        sheets=sheets(pages, duplex=True),
        address_digest=address_digest(outcome.lines),
    )
