"""Who lives in the synthetic region, as the stand-ins tell it."""

from dataclasses import dataclass

from portal.demo import http


@dataclass(frozen=True)
class Inhabitant:
    """Somebody in the stand-ins' list.

    `active` means that they have used the portal before the demo begins, `letter` that the hospital writes to them.
    """

    slug: str
    pid: str
    name: str
    birth_date: str
    kind: str
    roles: tuple[str, ...]
    active: bool
    letter: bool
    hpr_number: str = ""


def inhabitants(standins_url: str) -> list[Inhabitant]:
    """Everybody in the stand-ins' list."""
    return [
        Inhabitant(
            slug=row.get("slug", ""),
            pid=row["pid"],
            name=row["name"],
            birth_date=row.get("birth_date") or "",
            kind=row["kind"],
            roles=tuple(row.get("roles", ())),
            active=bool(row.get("active")),
            letter=bool(row.get("letter", True)),
            hpr_number=row.get("hpr_number") or "",
        )
        for row in http.get_json(f"{standins_url}/people.json")
    ]
