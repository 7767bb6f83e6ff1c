"""Recognises one home in two register answers without keeping where it is."""

from portal.counterparts.population_register import Address
from portal.people import sealing

NORWAY = "NO"


def home_index(residence: Address | None) -> str:
    """The same text for everyone registered at one Norwegian residence, dwelling number included; else empty.

    Somebody who has moved abroad is at no home here: an address abroad ends representation by parents.
    """
    if residence is None or residence.country_code.upper() != NORWAY:
        return ""
    parts = (*residence.lines, residence.postal_code, residence.town, residence.dwelling_id or "")
    return sealing.blind_index("home\n" + "\n".join(" ".join(part.casefold().split()) for part in parts))
