"""The style rules that depend on the provider's geometry and on the language, as CSS text."""

from letters.rendering.geometry import Box, Geometry
from letters.rendering.wording import wording

_GAP = 6
"""Millimetres between the head of page 1 and the title, the same as the padding in letter.css."""


def rules(geometry: Geometry, language: str) -> str:
    """Margins, the places on page 1, type sizes in the window, and the words around the page number."""
    words = wording(language)
    sender = geometry.sender
    return "\n".join(
        (
            f"@page {{ margin: {geometry.next_top}mm {geometry.right}mm {geometry.bottom}mm {geometry.left}mm;",
            f'@bottom-right {{ content: "{words.page} " counter(page) " {words.of} " counter(pages); }} }}',
            "@page :first { margin-top: 0 }",
            f"#head {{ min-height: {geometry.letter_top - _GAP}mm }}",
            f"#logo {{ {_box(geometry.logo, geometry.left)} }}",
            f"#sender {{ width: {sender.width}mm; padding-top: {sender.y}mm;",
            f"margin-left: {sender.x - geometry.left}mm }}",
            address_rules(geometry, geometry.left),
        )
    )


def address_rules(geometry: Geometry, left: float) -> str:
    """Where and how the lines in the window stand; `left` is where the page's own text area begins, in mm."""
    sizes = (f"#addressee.s{round(size * 10)} {{ font-size: {size}pt }}" for size in geometry.type_sizes)
    place = _box(geometry.address, left)
    style = f'font-family: "Open Sans"; line-height: {geometry.line_height}; white-space: nowrap; font-style: normal'
    return "\n".join((f"#addressee {{ {place}; {style} }}", *sizes))


def _box(box: Box, left: float) -> str:
    return f"left: {box.x - left}mm; top: {box.y}mm; width: {box.width}mm; height: {box.height}mm"
