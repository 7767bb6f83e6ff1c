"""The national code set "Sperring og nekting av dokumenter" (OID 2.16.578.1.12.4.1.1.9603) as it bears on access.

A value outside this set hides the item from every citizen and alarms the operators: a code we do not know may be
newer and stricter than we are.
"""

from enum import StrEnum
from typing import Final

SYSTEM: Final = "urn:oid:2.16.578.1.12.4.1.1.9603"


class Code(StrEnum):
    """One code. The names are the code set's own."""

    OPEN = "N"
    LIFE = "NORN_FFL"
    INADVISABLE = "NORN_KUT"
    OWN_WISH = "NORN_EPO"
    ALL_DOCUMENTS = "NORN_ALL"
    OLDER = "NORN_FOR"
    PARENTS_DENIED = "NORN_FORANS"
    YOUTH_DENIED = "NORN_UNGDOM"
    STAFF_IN_DANGER = "NORN_FFH"
    SOUND_TREATMENT = "NORN_FPB"
    DUPLICATE = "NORN_DUP"
    OTHER = "NORN_ANG"
    DELAYED = "NORU"
    STAFF_BLOCKED = "NORS"


WITHHELD: Final = frozenset(
    {
        Code.LIFE,
        Code.INADVISABLE,
        Code.SOUND_TREATMENT,
        Code.STAFF_IN_DANGER,
        Code.ALL_DOCUMENTS,
        Code.OTHER,
        Code.OLDER,
        Code.DUPLICATE,
    }
)
"""Codes that withhold an item from the patient and everyone who represents them."""

KNOWN: Final = frozenset(code.value for code in Code)
