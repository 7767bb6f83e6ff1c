"""What a session keeps of how its person proved who they are, where code must tell one door from another."""

from typing import Final

HELSEID: Final = "helseid-level-4"
"""HelseID at security level 4: as high as ID-porten's `idporten-loa-high`."""
