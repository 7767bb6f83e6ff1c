"""Asks the check process about a PDF.

The file may be hostile: it is read only in a child process with limits on memory and processor time. What brings
that child down is an answer too, so any bytes whatever give a report.
"""

from typing import Final

from letters.printability.limits import ENCLOSURE_PAGES, LARGEST_FILE, LETTER_PAGES
from letters.printability.report import EnclosureReport, problem
from letters.rendering.errors import RenderFailed, RenderTimeout
from letters.rendering.process import Child

CPU_SECONDS: Final = 15
WALL_SECONDS: Final = 45.0
FILES_PER_CHILD: Final = 200

_CHILD: Final = Child(
    "letters.printability.child", cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS, renew_after=FILES_PER_CHILD
)


def check_enclosure(data: bytes) -> EnclosureReport:
    """Whether an enclosure can be printed. Never raises for what is in the file.

    Raises RendererBusy or RendererUnavailable (retry) when the check could not be tried at all.
    """
    return _checked(data, ENCLOSURE_PAGES)


def check_outgoing(pdf: bytes) -> EnclosureReport:
    """The same rules for a whole letter of ours, as it goes to the printer."""
    return _checked(pdf, LETTER_PAGES)


def _checked(data: bytes, most_pages: int) -> EnclosureReport:
    if len(data) > LARGEST_FILE:
        return EnclosureReport(0, (problem("too_large"),))
    try:
        answer = _CHILD.ask("check", {"most_pages": most_pages}, (data,))
    except (RenderFailed, RenderTimeout):
        return EnclosureReport(0, (problem("too_complex"),))
    found = answer.facts["problems"]
    return EnclosureReport(
        int(answer.facts["pages"]),
        tuple(problem(str(code), [int(page) for page in pages], str(detail)) for code, pages, detail in found),
    )
