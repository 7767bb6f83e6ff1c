"""Those who work there, and the person whose letters watch over the whole chain."""

from dataclasses import replace
from datetime import date

from portal.counterparts.standins.casting import Casting, home
from portal.counterparts.standins.person import Kind, Person

TROMSO = home("Sykehusvegen 38", "9019", "Tromsø")
UNN, NORDLAND, FINNMARK = "983974899", "983974910", "983974880"
"""The hospital trusts by their numbers in Enhetsregisteret."""

STAFF: tuple[tuple[str, str, date, Kind, tuple[str, ...], str], ...] = (
    ("wenche-sandmo", "Wenche Sandmo", date(1974, 3, 14), "clerk", ("clerk",), "Merkantil ved UNN Tromsø"),
    ("oddvar-lillevik", "Oddvar Lillevik", date(1967, 12, 20), "clerk", ("clerk",), "Merkantil ved Nordlandssykehuset"),
    ("risten-varri", "Risten Várri", date(1992, 5, 1), "clerk", ("clerk",), "Merkantil ved Finnmarkssykehuset"),
    ("trude-olsvik", "Trude Olsvik", date(1980, 8, 8), "operator", ("operator", "reviewer"), "Drift, og kontrollør"),
    ("kjell-heimdal", "Kjell Heimdal", date(1978, 1, 17), "operator", ("operator", "reviewer"), "Drift, og kontrollør"),
    ("astrid-fossheim", "Astrid Fossheim", date(1970, 6, 30), "clinician", ("clinician",), "Overlege, ortopedi"),
    ("samir-haddadi", "Samir Haddadi", date(1986, 9, 12), "clinician", ("clinician",), "Lege, hjertesykdommer"),
    ("lise-myrnes", "Lise Myrnes", date(1990, 2, 6), "clinician", ("clinician",), "Sykepleier, barn og ungdom"),
    ("gunvor-aasli", "Gunvor Aasli", date(1966, 11, 11), "clinician", ("reviewer",), "Lege, ser over nødtilganger"),
)
EMPLOYERS: dict[str, tuple[str, str]] = {
    "wenche-sandmo": ("", UNN),
    "oddvar-lillevik": ("", NORDLAND),
    "risten-varri": ("", FINNMARK),
    "trude-olsvik": ("", UNN),
    "kjell-heimdal": ("", NORDLAND),
    "astrid-fossheim": ("9214301", UNN),
    "samir-haddadi": ("9214328", NORDLAND),
    "lise-myrnes": ("9214336", UNN),
    "gunvor-aasli": ("9214344", UNN),
}
"""HPR number, where there is one, and the organisation HelseID vouches for."""


def staff(today: date) -> list[Person]:
    """Clerks, operators and clinicians; all have signed in before."""
    cast = Casting(today, "staff")
    return [
        replace(
            cast.user(slug, name, born, note, lives=TROMSO),
            kind=kind,
            roles=roles,
            hpr_number=EMPLOYERS[slug][0],
            organisation=EMPLOYERS[slug][1],
        )
        for slug, name, born, kind, roles, note in STAFF
    ]


def canary(today: date) -> list[Person]:
    """The person whom a test letter is sent to every day, so that a broken chain is noticed from within."""
    cast = Casting(today, "canary")
    return [
        cast.user(
            "kanari-fugl",
            "Kanari Testfugl",
            date(2000, 1, 1),
            "Får et prøvebrev hver dag, så vi selv merker det først om kjeden er brutt",
            lives=home("Prøveveien 1", "9019", "Tromsø"),
        )
    ]
