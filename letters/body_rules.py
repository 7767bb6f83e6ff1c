"""What the body of a letter may hold: elements, attributes, places and limits, as data.

The list is short on purpose. The same HTML is shown on screen, read aloud and printed, so an element is here
only if it means the same in all three. Nothing here can fetch, run, cover or position anything.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

INLINE: Final = frozenset({"strong", "em", "b", "i", "sub", "sup", "br", "a", "span"})
BLOCKS: Final = frozenset({"p", "h2", "h3", "ul", "ol", "table", "dl", "blockquote", "hr", "div"})
VOID: Final = frozenset({"br", "hr"})
BODY: Final = "letter"
"""The name of the place outside every element."""

_FLOW: Final = BLOCKS | INLINE
CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    BODY: _FLOW,
    "div": _FLOW,
    "blockquote": _FLOW,
    "li": _FLOW,
    "td": _FLOW - {"table"},
    "th": INLINE,
    "dd": _FLOW,
    "dt": INLINE,
    "caption": INLINE,
    "p": INLINE,
    "h2": INLINE,
    "h3": INLINE,
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"caption", "thead", "tbody", "tfoot", "tr"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    **dict.fromkeys(("strong", "em", "b", "i", "span"), INLINE),
    "a": INLINE - {"a", "br"},
    "sub": frozenset(),
    "sup": frozenset(),
    "br": frozenset(),
    "hr": frozenset(),
}
"""Which elements may stand directly inside which."""

ELEMENTS: Final = frozenset(CHILDREN) - {BODY}
WITHOUT_TEXT: Final = frozenset({"ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"})
"""Elements that hold other elements only; text there is moved about by browsers."""

_ROWS: Final = frozenset({"p", "td", "th", "tr"})
IMPLIED_END: Final[Mapping[str, frozenset[str]]] = {
    **{name: frozenset({"p"}) for name in BLOCKS},
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "td": frozenset({"p", "td", "th"}),
    "th": frozenset({"p", "td", "th"}),
    "tr": _ROWS,
    **{name: _ROWS | {"thead", "tbody", "tfoot"} for name in ("thead", "tbody", "tfoot")},
}
"""Start tag -> the open elements it closes, as HTML says."""

END_TAG_OPTIONAL: Final = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot"})

CLASSES: Final[Mapping[str, frozenset[str]]] = {
    "div": frozenset({"boks"}),
    "td": frozenset({"tall"}),
    "th": frozenset({"tall"}),
}
"""`boks` frames the time and place of an appointment; `tall` sets figures to the right."""

MAX_SPAN: Final = 20
_SPAN: Final = re.compile(r"[1-9]|1[0-9]|20")
_START: Final = re.compile(r"[1-9][0-9]{0,2}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_LINK: Final = re.compile(
    r"https://(?!-)[a-zæøåA-ZÆØÅ0-9.-]{3,253}(:[0-9]{1,5})?([/?#][^\s\\<>\"'`{}|^\x00-\x20\x7f]{0,1000})?"
    r"|tel:\+?[0-9][0-9-]{2,20}"
    r"|mailto:[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}"
)
SCHEMES: Final = frozenset({"https", "tel", "mailto"})


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_SPANS: Final = {"colspan": _matches(_SPAN), "rowspan": _matches(_SPAN)}
_SCOPES: Final = frozenset({"row", "col", "rowgroup", "colgroup"})
ATTRIBUTES: Final[Mapping[str, Mapping[str, Callable[[str], bool]]]] = {
    "a": {"href": _matches(_LINK)},
    "th": {"scope": _SCOPES.__contains__, **_SPANS},
    "td": _SPANS,
    "ol": {"start": _matches(_START)},
}
"""Element -> attribute -> is this value allowed. `lang` and `class` are asked for separately."""


def attribute_verdict(element: str, name: str, value: str) -> str | None:
    """None when the attribute may stand, else what is wrong: `attribute`, `class`, `link` or `value`."""
    if name == "lang":
        return None if _LANGUAGE.fullmatch(value) else "value"
    if name == "class":
        return None if value in CLASSES.get(element, frozenset()) else "class"
    allowed = ATTRIBUTES.get(element, {}).get(name)
    if allowed is None:
        return "attribute"
    if allowed(value):
        return None
    return "link" if name == "href" else "value"


MAX_BYTES: Final = 200_000
MAX_ENTITIES: Final = 20_000
MAX_ATTRIBUTES: Final = 40
MAX_TAGS: Final = 4_000
MAX_DEPTH: Final = 20
MAX_ROWS: Final = 400
MAX_CELL_AREA: Final = 4_000
MAX_WORDS: Final = 10_000
