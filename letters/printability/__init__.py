"""Whether a PDF can be printed, folded and posted as it is: asked at intake, so that nothing surprises at day 4."""

from letters.printability.checker import check_enclosure, check_outgoing
from letters.printability.limits import ENCLOSURE_PAGES, LARGEST_FILE, LETTER_PAGES
from letters.printability.report import EnclosureReport, PdfProblem

__all__ = [
    "ENCLOSURE_PAGES",
    "LARGEST_FILE",
    "LETTER_PAGES",
    "EnclosureReport",
    "PdfProblem",
    "check_enclosure",
    "check_outgoing",
]
