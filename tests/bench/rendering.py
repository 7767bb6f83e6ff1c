"""How fast and how evenly letters are made, against bare WeasyPrint on the same HTML in the same run.

`python -m tests.bench.rendering` prints the figures. Bare WeasyPrint gets every advantage of ours (one font
configuration, one parsed style sheet, the same variant), so the ratio shows what the child process, the locked door
and the digest cost. Both are measured in turns, so that a busy machine is busy for both.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from letters.rendering import C5_WINDOW, LetterPage, Renderer
from letters.rendering.page import compose
from tests.letters_paper.samples import letter

ROOT: Final = Path(__file__).resolve().parents[2]
ROUNDS: Final = 6
LETTERS_PER_ROUND: Final = 20
MEMORY_LETTERS: Final = 500
_KILOBYTE: Final = 1024

_BARE: Final = """
import json, sys, time
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from letters.rendering import sheet
from letters.rendering.fetcher import LockedFetcher
from letters.rendering.geometry import C5_WINDOW
from letters.rendering.typeface import ASSETS
fonts, fetcher = FontConfiguration(), LockedFetcher()
text = (ASSETS / "letter.css").read_text("utf-8") + sheet.rules(C5_WINDOW, "nb")
styles = CSS(string=text, font_config=fonts, url_fetcher=fetcher)
def one(html):
    HTML(string=html, url_fetcher=fetcher, media_type="print").write_pdf(
        stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1", pdf_version="1.7")
for line in sys.stdin:
    pages = json.loads(line)
    started = time.perf_counter()
    for html in pages:
        one(html)
    print(time.perf_counter() - started, flush=True)
"""


def measure() -> dict[str, Any]:
    """Letters a second both ways, their ratio (aim: at least 0.9), and the child's memory over 500 letters."""
    renderer = Renderer(renew_after=10**9)
    bare = _Bare()
    try:
        renderer.render(letter())
        bare.seconds_for([letter()])
        ours, theirs = [], []
        for number in range(ROUNDS):
            pages = [letter(reference=f"B-{number}-{copy}") for copy in range(LETTERS_PER_ROUND)]
            ours.append(_seconds_for(renderer, pages))
            theirs.append(bare.seconds_for(pages))
        ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
        return {
            "letters_per_second": round(LETTERS_PER_ROUND / statistics.median(ours), 1),
            "bare_weasyprint_per_second": round(LETTERS_PER_ROUND / statistics.median(theirs), 1),
            "ratio": round(statistics.median(ratios), 3),
            "ratio_aim": 0.9,
            **_memory(renderer),
        }
    finally:
        renderer.close()
        bare.close()


class _Bare:
    """WeasyPrint alone, in a process of its own like ours."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BARE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def seconds_for(self, pages: list[LetterPage]) -> float:
        """How long the pages took it, its own start not counted."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("no pipes")
        self._process.stdin.write(json.dumps([compose(page) for page in pages]) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def _seconds_for(renderer: Renderer, pages: list[LetterPage]) -> float:
    started = time.perf_counter()
    for page in pages:
        renderer.render(page)
    return time.perf_counter() - started


def _memory(renderer: Renderer) -> dict[str, Any]:
    """The child's resident memory after 100 letters and after 500 more; what grows is in the C libraries.

    A setting up per letter would grow by 290 kB a letter; about 20 is what is left, and goes with the child.
    """
    for number in range(100):
        renderer.render(letter(reference=f"V-{number}"))
    before = _resident(renderer)
    for number in range(MEMORY_LETTERS):
        renderer.render(letter(reference=f"M-{number}", geometry=C5_WINDOW.name))
    after = _resident(renderer)
    return {
        "child_megabytes_before": round(before / _KILOBYTE, 1),
        "child_megabytes_after_500": round(after / _KILOBYTE, 1),
        "memory_growth": round(after / before, 3),
        "memory_growth_aim": 1.25,
    }


def _resident(renderer: Renderer) -> int:
    """Kilobytes of memory the child holds now."""
    status = Path(f"/proc/{renderer.child.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))  # noqa: T201 - a command, its figures are its output
