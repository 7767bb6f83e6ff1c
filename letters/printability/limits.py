"""The print rules as numbers. Sources: Digipost's printability rules, Digdir's guidance for senders of print."""

from typing import Final

from letters.rendering.geometry import BARCODE_ZONE, LEAST_LEFT_MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Box

LETTER_PAGES: Final = 20
"""Most pages that are printed without a person: the letter and its enclosures together."""

ENCLOSURE_PAGES: Final = LETTER_PAGES - 1
"""Most pages of enclosures, since the letter itself takes at least one."""

LARGEST_FILE: Final = 10 * 1024 * 1024
MOST_OBJECTS: Final = 50_000
MOST_NESTING: Final = 40
TRAILING_BYTES: Final = 64
"""Harmless rubbish after the end mark; more than this is another file behind the PDF."""

SMALLER_BY: Final = 10.0
LARGER_BY: Final = 0.5
"""A page may be up to 10 mm smaller than A4 and never larger; half a millimetre is rounding."""

MARGIN_SLACK: Final = 0.3
MILLIMETRES_PER_POINT: Final = 25.4 / 72

MARGIN: Final = Box(-1000, -1000, 1000 + LEAST_LEFT_MARGIN - MARGIN_SLACK, 3000)
BARCODE: Final = Box(
    -1000,
    BARCODE_ZONE.y + MARGIN_SLACK,
    1000 + BARCODE_ZONE.right - MARGIN_SLACK,
    BARCODE_ZONE.height - 2 * MARGIN_SLACK,
)

A4_WIDTH: Final = PAGE_WIDTH
A4_HEIGHT: Final = PAGE_HEIGHT

STANDARD_FONTS: Final = frozenset(
    f"{family}{style}"
    for family, styles in (
        ("Courier", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("Helvetica", ("", "-Bold", "-Oblique", "-BoldOblique")),
        ("Times", ("-Roman", "-Bold", "-Italic", "-BoldItalic")),
        ("Symbol", ("",)),
        ("ZapfDingbats", ("",)),
    )
    for style in styles
)
"""The 14 fonts every printer has; all others must be in the file."""
