"""The door to paper: makes letters, stamps addresses, joins enclosures. All of it happens in a child process.

`renderer()` gives the one renderer of this process. The first request starts its child (about a second); the child
is replaced after a number of letters, after trouble, and after a fork.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from letters.rendering.geometry import Geometry
from letters.rendering.page import LetterPage, compose, set_lines
from letters.rendering.process import Child

CPU_SECONDS: Final = 20
WALL_SECONDS: Final = 60.0
LETTERS_PER_CHILD: Final = 500
"""The C libraries under WeasyPrint keep about 20 kB for each letter; a new child gives it back."""


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A letter's PDF, its SHA-256 in hexadecimal (the id of its content) and how many pages it has."""

    data: bytes = field(repr=False)
    sha256: str
    pages: int


class Renderer:
    """Makes PDFs in a child process of its own. Safe to share between threads."""

    def __init__(
        self,
        *,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        renew_after: int = LETTERS_PER_CHILD,
        module: str = "letters.rendering.child",
    ) -> None:
        self.child: Final = Child(module, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds, renew_after=renew_after)

    def render(self, page: LetterPage) -> RenderedPdf:
        """The letter as tagged PDF/UA-1 (PDF 1.7). The same page gives the same bytes, whoever asks.

        Raises RenderTimeout, RenderFailed, AddressDoesNotFit (final), RendererBusy or RendererUnavailable (retry).
        """
        facts: dict[str, object] = {"geometry": page.geometry, "language": page.language}
        answer = self.child.ask("render", facts, (compose(page).encode(),))
        return RenderedPdf(answer.parts[0], str(answer.facts["sha256"]), int(answer.facts["pages"]))

    def stamp_address(self, pdf: bytes, lines: Sequence[str], geometry: Geometry) -> bytes:
        """A copy of the letter with name and address in the window; every other page is left as it is.

        `lines` are name first, then address, then postal code and town. Raises AddressDoesNotFit rather than cut
        a letter of it, and RenderFailed for a PDF that is not ours.
        """
        html = set_lines(lines, geometry)
        return self.child.ask("stamp", {"geometry": geometry.name}, (html.encode(), pdf)).parts[0]

    def join(self, main: bytes, enclosures: Sequence[bytes]) -> bytes:
        """The letter with its enclosures behind it, as one PDF without anything that is not for paper."""
        return self.child.ask("join", {}, (main, *enclosures)).parts[0]

    def same_content(self, screen: bytes, printed: bytes, enclosures: Sequence[bytes] = ()) -> bool:
        """Whether what is printed is what is shown, but for the address stamped on page 1 (invariant I6)."""
        return bool(self.child.ask("same", {}, (screen, printed, *enclosures)).facts["same"])

    def close(self) -> None:
        """Let the child go."""
        self.child.close()


_RENDERER: Final = Renderer()


def renderer() -> Renderer:
    """The one renderer of this process; its child is not started before the first request."""
    return _RENDERER


def sheets(pages: int, duplex: bool) -> int:
    """How many sheets of paper so many pages take."""
    return (pages + 1) // 2 if duplex else pages
