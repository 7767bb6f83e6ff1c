"""A letter as it is handed to the renderer, and the HTML page made of it.

The page holds the body exactly as it is shown on screen; around it stand the sender, the date and the reference.
In the address window stands only the recipient's name: an address is stamped onto a copy when it is printed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Final

from letters.rendering.address import fit
from letters.rendering.geometry import C5_WINDOW, GEOMETRIES, Geometry
from letters.rendering.wording import wording

_LINK: Final = re.compile(r'<a href="(https://|mailto:|tel:)([^"]*)">(.*?)</a>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Everything that decides what the letter's PDF looks like. Same page, same bytes.

    `body` is the output of `letters.body.normalise`; `geometry` a name in `geometry.GEOMETRIES`; `language` one of
    nb, nn, se, en; `day` the date of the letter in Oslo. `concerning` names the patient where the letter is
    addressed to somebody else.
    """

    title: str = field(repr=False)
    body: str = field(repr=False)
    recipient_name: str = field(repr=False)
    day: date
    reference: str
    unit: str
    hospital: str
    region: str
    return_lines: Sequence[str] = ()
    phone: str = ""
    language: str = "nb"
    concerning: str = field(repr=False, default="")
    geometry: str = C5_WINDOW.name


def compose(page: LetterPage) -> str:
    """The letter as one HTML document for WeasyPrint."""
    words = wording(page.language)
    footer = [page.unit, page.hospital, f"{words.telephone} {page.phone}" if page.phone else ""]
    reference = f"{words.reference}: {page.reference}"
    return (
        f'<!DOCTYPE html><html lang="{escape(page.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title>"
        f'<meta name="author" content="{escape(page.hospital)}"></head>'
        f'<body data-sender="{escape(_joined(footer))}" data-reference="{escape(reference)}">'
        f'<div id="head">{_logo(page)}{_addressee(page)}{_sender(page)}</div>'
        f"<main><h1>{escape(page.title)}</h1>{_with_addresses(page.body)}</main></body></html>"
    )


def _joined(parts: Sequence[str]) -> str:
    """Parts set apart by a dot, none twice."""
    return "  ·  ".join(dict.fromkeys(part for part in parts if part))


def _logo(page: LetterPage) -> str:
    hospital = f'<p class="hospital">{escape(page.hospital)}</p>' if page.hospital != page.region else ""
    return f'<div id="logo"><p class="region">{escape(page.region)}</p>{hospital}</div>'


def _sender(page: LetterPage) -> str:
    words = wording(page.language)
    lines = [f'<p class="unit">{escape(page.unit)}</p>', *(f"<p>{escape(line)}</p>" for line in page.return_lines)]
    facts = [(words.date_label, words.day(page.day)), (words.reference, page.reference)]
    if page.phone:
        facts.append((words.telephone, page.phone))
    if page.concerning and page.concerning != page.recipient_name:
        facts.append((words.concerning, page.concerning))
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in facts)
    return f'<div id="sender">{"".join(lines)}<dl>{rows}</dl></div>'


def _addressee(page: LetterPage) -> str:
    return set_lines([page.recipient_name], GEOMETRIES[page.geometry])


def set_lines(lines: Sequence[str], geometry: Geometry) -> str:
    """Name and address as they stand in the window: complete, plain, one size, straight left edge."""
    fitted = fit(lines, geometry)
    rows = "".join(f"<p>{escape(line)}</p>" for line in fitted.lines)
    return f'<div id="addressee" class="s{round(fitted.size * 10)}">{rows}</div>'


def _with_addresses(body: str) -> str:
    """On paper a link shows where it leads, unless its words already do."""
    return _LINK.sub(_printed_link, body)


def _printed_link(link: re.Match[str]) -> str:
    scheme, address, words = link.groups()
    bare = _TAG.sub("", words)
    shown = address.split("/")[0] if scheme == "https://" else address
    if shown.lower().removeprefix("www.") in bare.lower() or (scheme == "tel:" and _digits(shown) in _digits(bare)):
        return link.group()
    return f'<a class="printed" data-address="{address.rstrip("/")}" href="{scheme}{address}">{words}</a>'


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit()).removeprefix("47")
