"""Hospital units of the invented region, with the return address each prints on its letters."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit that sends letters, named by its number in the RESH register (invented here)."""

    resh: str
    name: str
    hospital: str
    phone: str
    return_lines: tuple[str, ...]


UNN_TROMSO = "Universitetssykehuset Nord-Norge, Tromsø"
UNN_HARSTAD = "Universitetssykehuset Nord-Norge, Harstad"
UNN_NARVIK = "Universitetssykehuset Nord-Norge, Narvik"
FINNMARK = "Finnmarkssykehuset, Hammerfest"
SAMI_CLINIC = "Finnmarkssykehuset, Sámi klinihkka"
NORDLAND = "Nordlandssykehuset, Bodø"
HELGELAND = "Helgelandssykehuset, Mo i Rana"

UNITS: tuple[Unit, ...] = (
    Unit("4208101", "Ortopedisk poliklinikk", UNN_TROMSO, "77 00 00 11", (UNN_TROMSO, "Postboks 100", "9038 Tromsø")),
    Unit("4208102", "Hjertepoliklinikken", UNN_TROMSO, "77 00 00 12", (UNN_TROMSO, "Postboks 100", "9038 Tromsø")),
    Unit("4208103", "Barneavdelingen", UNN_TROMSO, "77 00 00 13", (UNN_TROMSO, "Postboks 100", "9038 Tromsø")),
    Unit("4208201", "Øyepoliklinikken", UNN_HARSTAD, "77 00 00 21", (UNN_HARSTAD, "Postboks 110", "9480 Harstad")),
    Unit("4208301", "Røntgenavdelingen", UNN_NARVIK, "77 00 00 31", (UNN_NARVIK, "Postboks 120", "8516 Narvik")),
    Unit("4208401", "Kirurgisk poliklinikk", FINNMARK, "78 00 00 41", (FINNMARK, "Postboks 130", "9613 Hammerfest")),
    Unit(
        "4208402",
        "Psykisk helsevern, voksne",
        SAMI_CLINIC,
        "78 00 00 42",
        (SAMI_CLINIC, "Postboks 140", "9735 Kárášjohka - Karasjok"),
    ),
    Unit("4208501", "Nevrologisk poliklinikk", NORDLAND, "75 00 00 51", (NORDLAND, "Postboks 150", "8092 Bodø")),
    Unit(
        "4208601", "Gynekologisk poliklinikk", HELGELAND, "75 00 00 61", (HELGELAND, "Postboks 160", "8607 Mo i Rana")
    ),
)
