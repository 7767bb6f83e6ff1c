"""Letters on paper: one HTML body in, one tagged PDF out, the same bytes every time. Knows no Django."""

from letters.rendering.errors import AddressDoesNotFit, RendererBusy, RendererUnavailable, RenderFailed, RenderTimeout
from letters.rendering.geometry import C5_WINDOW, EPROM_FIELD, GEOMETRIES, Geometry
from letters.rendering.page import LetterPage
from letters.rendering.renderer import RenderedPdf, Renderer, renderer, sheets

__all__ = [
    "C5_WINDOW",
    "EPROM_FIELD",
    "GEOMETRIES",
    "AddressDoesNotFit",
    "Geometry",
    "LetterPage",
    "RenderFailed",
    "RenderTimeout",
    "RenderedPdf",
    "Renderer",
    "RendererBusy",
    "RendererUnavailable",
    "renderer",
    "sheets",
]
