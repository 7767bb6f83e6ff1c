"""Where things lie on the first page, per print provider, in millimetres from the top left corner of the A4 sheet.

No Norwegian standard for window envelopes was found and positions differ between providers, so this is data with a
test. Limits that hold for all: left margin at least 18 mm (Digdir), and x 0-15 / y 95-175 mm empty for the
barcodes of the enveloping machine (Digipost).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PAGE_WIDTH: Final = 210.0
PAGE_HEIGHT: Final = 297.0
LEAST_LEFT_MARGIN: Final = 18.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres, y counted downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def holds(self, other: "Box") -> bool:
        """Whether the other box lies wholly inside this one."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def meets(self, other: "Box") -> bool:
        """Whether the two boxes have any area in common."""
        apart = other.x >= self.right or self.x >= other.right or other.y >= self.bottom or self.y >= other.bottom
        return not apart


BARCODE_ZONE: Final = Box(0, 95, 15, 80)


@dataclass(frozen=True, slots=True)
class Geometry:
    """One provider's first page.

    `window` is the field that holds nothing but name and address; `address` is where their lines are set inside
    it; `logo` and `sender` keep clear of it; the letter itself begins at `letter_top`. Type sizes in points, tried
    in order (10-12 pt is what sorting machines read).
    """

    name: str
    window: Box
    address: Box
    logo: Box
    sender: Box
    letter_top: float
    left: float = 25.0
    right: float = 25.0
    next_top: float = 30.0
    bottom: float = 30.0
    type_sizes: tuple[float, ...] = (11.0, 10.5, 10.0)
    line_height: float = 1.22


C5_WINDOW: Final = Geometry(
    name="c5-window",
    window=Box(20, 42, 100, 44),
    address=Box(25, 47, 90, 35),
    logo=Box(25, 15, 90, 14),
    sender=Box(130, 15, 55, 72),
    letter_top=94,
)
"""A C5 window envelope as Digipost's printers use, address on the letter itself."""

EPROM_FIELD: Final = Geometry(
    name="eprom-field",
    window=Box(0, 0, 115, 82),
    address=Box(25, 42, 86, 35),
    logo=Box(125, 15, 60, 14),
    sender=Box(125, 34, 60, 60),
    letter_top=98,
)
"""The blank field of 11.5 x 8.2 cm at the top left that ePROM asks for."""

GEOMETRIES: Final[Mapping[str, Geometry]] = {one.name: one for one in (C5_WINDOW, EPROM_FIELD)}
