"""Every provider's first page keeps to what all of them ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rendering.address import fit
from letters.rendering.errors import AddressDoesNotFit
from letters.rendering.geometry import BARCODE_ZONE, C5_WINDOW, GEOMETRIES, LEAST_LEFT_MARGIN, Box, Geometry

BOTH = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
SHEET = Box(0, 0, 210, 297)


@BOTH
def test_places_on_page_one_keep_clear_of_one_another(geometry: Geometry) -> None:
    assert geometry.window.holds(geometry.address)
    for part in (geometry.logo, geometry.sender):
        assert SHEET.holds(part)
        assert not part.meets(geometry.window)
        assert not part.meets(BARCODE_ZONE)
    assert not geometry.logo.meets(geometry.sender)
    assert not geometry.address.meets(BARCODE_ZONE)
    assert geometry.letter_top >= geometry.window.bottom


@BOTH
def test_margins_and_type(geometry: Geometry) -> None:
    assert geometry.left >= max(20, LEAST_LEFT_MARGIN)
    assert geometry.address.x >= LEAST_LEFT_MARGIN
    assert geometry.right >= 15
    assert geometry.bottom >= 15
    assert all(10 <= size <= 12 for size in geometry.type_sizes)
    assert list(geometry.type_sizes) == sorted(geometry.type_sizes, reverse=True)


def test_the_blank_fields_are_those_the_providers_ask_for() -> None:
    eprom = GEOMETRIES["eprom-field"].window
    assert (eprom.x, eprom.y, eprom.width, eprom.height) == (0, 0, 115, 82)


def test_an_ordinary_address_is_set_in_the_largest_type_unbroken() -> None:
    fitted = fit(["Kari Nordmann", "Storgata 1", "0001 OSLO"], C5_WINDOW)
    assert (fitted.size, fitted.lines) == (11.0, ("Kari Nordmann", "Storgata 1", "0001 OSLO"))


def test_smaller_type_comes_before_broken_lines() -> None:
    name = "Ingebjørg Annabella Wilhelmsen Kristoffersen Bakke"
    fitted = fit([name, "0001 OSLO"], C5_WINDOW)
    assert fitted.size < 11
    assert fitted.lines[0] == name


@BOTH
@given(st.lists(st.text("AaBbÅåŠšŊŋÆæ -Mmilw.", max_size=60), max_size=7))
def test_no_letter_is_ever_lost(geometry: Geometry, lines: list[str]) -> None:
    try:
        fitted = fit(lines, geometry)
    except AddressDoesNotFit:
        return
    assert "".join("".join(fitted.lines).split()) == "".join("".join(lines).split())
    assert all(line and line == line.strip() for line in fitted.lines)
    assert fitted.size in geometry.type_sizes
    assert len(fitted.lines) * fitted.size * geometry.line_height * 25.4 / 72 <= geometry.address.height
