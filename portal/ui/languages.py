"""The four languages of the pages, and which of them a visitor wants.

The framework has no Northern Sami. Without an entry of our own it would be given American formats in silence:
months before days, weeks that begin on Sunday.
"""

from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation.trans_real import parse_accept_lang_header

NAMES: Final = {"nb": "Bokmål", "nn": "Nynorsk", "se": "Davvisámegiella", "en": "English"}
DEFAULT: Final = "nb"
COOKIE: Final = "sprak"
COOKIE_LASTS_SECONDS: Final = 365 * 24 * 60 * 60

# What browsers send, besides the codes themselves: "no" is Norwegian of either kind, "sme" is Northern Sami.
_ALSO_KNOWN_AS: Final = {"no": "nb", "no-nb": "nb", "no-nn": "nn", "no-nyn": "nn", "sme": "se"}


def register_northern_sami() -> None:
    """Add Northern Sami to the framework's table of languages."""
    LANG_INFO["se"] = {"bidi": False, "code": "se", "name": "Northern Sami", "name_local": NAMES["se"]}


def from_accept_language(header: str) -> str:
    """The first of our languages that a browser asks for; bokmål if it asks for none of them."""
    for wanted, _weight in parse_accept_lang_header(header):
        found = _ours(wanted)
        if found:
            return found
    return DEFAULT


def _ours(wanted: str) -> str | None:
    """Our code for a browser's code: `nb-NO` is `nb`, `se-FI` is `se`, `no` is `nb`."""
    code = wanted.lower()
    if code in _ALSO_KNOWN_AS:
        return _ALSO_KNOWN_AS[code]
    root = code.split("-")[0]
    return root if root in NAMES else _ALSO_KNOWN_AS.get(root)
