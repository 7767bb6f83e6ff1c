"""What the check answers: how many pages, and every problem with its page numbers in plain bokmål."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TEXTS: Final = {
    "not_pdf": "Filen er ikke en PDF. En PDF begynner med %PDF helt først i filen.",
    "trailing_data": "Det ligger noe mer bak slutten av PDF-en.",
    "too_large": "Filen er for stor. Grensen er 10 MB.",
    "version": "PDF-versjonen kan ikke trykkes. Bruk PDF 1.0 til 1.7.",
    "encrypted": "PDF-en er kryptert eller har passord.",
    "corrupt": "PDF-en er ødelagt eller ikke hel.",
    "too_complex": "PDF-en er for tung å lese. Lag den på nytt, for eksempel med «Skriv ut til PDF».",
    "active_content": "PDF-en har innhold som kan kjøre noe",
    "embedded_files": "PDF-en har andre filer inni seg.",
    "xfa": "PDF-en er et XFA-skjema, som ikke kan trykkes.",
    "no_pages": "PDF-en har ingen sider.",
    "too_many_pages": "PDF-en har for mange sider.",
    "page_size": "Siden er ikke A4 i stående format",
    "left_margin": "Det står noe nærmere venstre kant enn 18 mm",
    "barcode_zone": "Det står noe i feltet for strekkoden (0–15 mm fra venstre, 95–175 mm fra toppen)",
    "font_not_embedded": "Skrifttypen er ikke lagt inn i PDF-en",
}


@dataclass(frozen=True, slots=True)
class PdfProblem:
    """One thing wrong: machine code, the pages it is on (from 1; empty = the whole file), plain bokmål."""

    code: str
    pages: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class EnclosureReport:
    """`pages` is 0 where the file cannot be read at all."""

    pages: int
    problems: tuple[PdfProblem, ...]

    @property
    def printable(self) -> bool:
        """Whether the file can be printed as it is."""
        return not self.problems


def problem(code: str, pages: Sequence[int] = (), detail: str = "") -> PdfProblem:
    """A problem with its text: what, where, and which."""
    text = _TEXTS[code].rstrip(".")
    if detail:
        text += f" ({detail})"
    if pages:
        text += f". Gjelder side {_listed(pages)}"
    return PdfProblem(code, tuple(pages), f"{text}.")


def _listed(pages: Sequence[int]) -> str:
    """Page numbers as one says them: «1, 3–5 og 9»."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    parts = [_run(run) for run in runs]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} og {parts[-1]}"


def _run(run: Sequence[int]) -> str:
    if len(run) == 1:
        return str(run[0])
    return f"{run[0]}–{run[-1]}" if len(run) > 2 else f"{run[0]}, {run[-1]}"
