"""Collects what is wrong while a file is examined: one entry per rule, with its pages and a few words."""

from typing import Final

_MOST_DETAILS: Final = 3
_LONGEST_DETAIL: Final = 60


class Findings:
    """Problems in the order they were first met."""

    def __init__(self) -> None:
        self._pages: dict[str, list[int]] = {}
        self._details: dict[str, list[str]] = {}

    def add(self, code: str, page: int | None = None, detail: str = "") -> None:
        """Note a breach of the rule `code`, on a page (from 1) or in the whole file."""
        pages = self._pages.setdefault(code, [])
        if page is not None and page not in pages:
            pages.append(page)
        details = self._details.setdefault(code, [])
        clean = "".join(character for character in detail if character.isprintable())[:_LONGEST_DETAIL]
        if clean and clean not in details:
            details.append(clean)

    def __contains__(self, code: str) -> bool:
        return code in self._pages

    def listed(self) -> list[tuple[str, list[int], str]]:
        """Every problem as code, pages and detail."""
        return [(code, sorted(pages), _few(self._details[code])) for code, pages in self._pages.items()]


def _few(details: list[str]) -> str:
    more = len(details) - _MOST_DETAILS
    return ", ".join(details[:_MOST_DETAILS]) + (f" og {more} til" if more > 0 else "")
