"""Every sealed column of the portal, so that one command can move them all to a new key.

Services register theirs when the product starts; each entry reseals what is still under an older key.
"""

from collections.abc import Callable

Reseal = Callable[[], int]

_columns: dict[str, Reseal] = {}


def register(name: str, reseal: Reseal) -> None:
    """Add a sealed column. `reseal` moves its rows to the newest key and says how many; it may be stopped anywhere."""
    _columns[name] = reseal


def columns() -> dict[str, Reseal]:
    """All of them by name."""
    return dict(_columns)
