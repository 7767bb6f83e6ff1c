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
BLOOD_BANK = "4208104"
COURSES = "4208105"

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
    Unit(BLOOD_BANK, "Blodbanken", UNN_TROMSO, "77 00 00 14", (UNN_TROMSO, "Postboks 100", "9038 Tromsø")),
    Unit(
        COURSES, "Lærings- og mestringssenteret", UNN_TROMSO, "77 00 00 15", (UNN_TROMSO, "Postboks 100", "9038 Tromsø")
    ),
)

CLINICS: tuple[dict[str, object], ...] = (
    {
        "resh": "4208101",
        "finding": "Gå inn hovedinngangen og følg den blå linjen til heis C. Ortopedisk poliklinikk er i 3. etasje.",
        "preparation": "Møt 10 minutter før timen, så rekker du å registrere deg.",
        "offers_video": True,
    },
    {
        "resh": "4208102",
        "finding": "Gå inn hovedinngangen. Hjertepoliklinikken er i 1. etasje, til høyre for kiosken.",
        "offers_video": True,
    },
    {"resh": "4208103", "finding": "Barneavdelingen har egen inngang fra Breivika havnegate.", "youth_wish": True},
    {"resh": "4208301", "cancel_limit": 2, "cancel_unit": "working_days", "fee": 1500},
    {
        "resh": BLOOD_BANK,
        "finding": "Blodbanken er i A-bygget, 2. etasje. Du kan parkere gratis mens du gir blod.",
        "preparation": "Spis og drikk godt før du kommer.",
        "remind_days": [],
        "remind_hours": [24],
    },
    {"resh": COURSES, "finding": "Kurslokalet er i pasienthotellet, ved resepsjonen."},
)
"""What some units have decided about their appointments; the others have the portal's defaults."""
