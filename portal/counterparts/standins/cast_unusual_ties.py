"""Those whose ties the register shows in unusual ways, or hides: care orders, protection, guardians, new numbers."""

from dataclasses import replace
from datetime import date, timedelta

from portal.counterparts.standins.casting import Casting, birthday, home
from portal.counterparts.standins.numbers import d_number_for
from portal.counterparts.standins.person import Address, Guardianship, Person, Responsibility

CARE_SERVICE = "312040103"


def unusual_ties(today: date) -> list[Person]:
    """Everyone whose ties must be read with care."""
    cast = Casting(today, "relations")
    return [
        *_in_care(cast),
        *_held_by_others(cast),
        *_protected(cast),
        *_with_guardians(cast),
        *_elderly(cast),
        *_changing_number(cast),
    ]


def _aged(cast: Casting, age: int) -> date:
    return birthday(cast.today, age=age + 1, in_days=130)


def _in_care(cast: Casting) -> list[Person]:
    house = home("Jektvikveien 11", "8616", "Mo i Rana")
    mother = cast.adult(
        "anita-jektvik", "Anita Jektvik", date(1991, 5, 5), "Mor til Leah, som er under barnevern", lives=house
    )
    leah = cast.person(
        "leah-jektvik",
        "Leah Jektvik",
        _aged(cast, 9),
        "9 år, under omsorg av barnevernet. Registeret viser fortsatt moren: ansatte må sperre for henne",
        lives=house,
    )
    return [mother, cast.child(leah, mother, kind="mor")]


def _held_by_others(cast: Casting) -> list[Person]:
    house = home("Lundmoen 6", "9303", "Silsand")
    aunt = cast.adult(
        "jorunn-lundmo", "Jorunn Lundmo", date(1977, 7, 19), "Tante til Ylva, står som «andre»", lives=house
    )
    children = {
        "ylva-lundmo": ("Ylva Lundmo", 9, "9 år: tanten har ansvaret som «andre», og kan ikke bruke det her"),
        "milo-odega": ("Milo Ødega", 7, "7 år, nettopp kommet til Norge: ansvaret er ukjent, brev går i posten"),
        "sanna-vikmo": ("Sanna Vikmo", 11, "11 år: ansvaret ligger hos en organisasjon, ingen ser på vegne av henne"),
        "jonah-eidet": ("Jonah Eidet", 8, "8 år: faren har ansvaret, men har ikke norsk nummer"),
    }
    made = {
        slug: cast.child(cast.person(slug, name, _aged(cast, age), note, lives=house))
        for slug, (name, age, note) in children.items()
    }
    rows = {
        "ylva-lundmo": Responsibility("andre", aunt.pid, cast.today - timedelta(days=800)),
        "milo-odega": Responsibility("ukjent", None, None),
        "sanna-vikmo": Responsibility("andre", None, cast.today - timedelta(days=90), organisation=CARE_SERVICE),
        "jonah-eidet": Responsibility("far", None, made["jonah-eidet"].birth_date, name="Samuel Eidet"),
    }
    return [aunt, *(replace(made[slug], parental_responsibility=(row,)) for slug, row in rows.items())]


def _protected(cast: Casting) -> list[Person]:
    house = home("Sundbyvegen 30", "9517", "Alta")
    hidden = cast.adult("linn-myrbakk", "Linn Myrbakk", date(1992, 9, 1), "Mor til Elias, lever med kode 6")
    elias = cast.person("elias-myrbakk", "Elias Myrbakk", _aged(cast, 6), "6 år, moren har kode 6: hun ser ikke her")
    father = cast.adult("rune-sundby", "Rune Sundby", date(1984, 4, 24), "Far til Freja, som har kode 7", lives=house)
    mother = cast.adult(
        "toril-sundby", "Toril Sundby", date(1985, 10, 16), "Mor til Freja, som har kode 7", lives=house
    )
    freja = cast.person(
        "freja-sundby", "Freja Sundby", _aged(cast, 10), "10 år, kode 7: ingen ser på vegne av henne", lives=house
    )
    sot6 = Address(("SOT6", "Postboks 2094 Vika"), "0125", "Oslo")
    return [
        replace(hidden, protection="strengtFortrolig", contact_address=sot6),
        replace(cast.child(elias, hidden, kind="mor"), protection="strengtFortrolig", contact_address=sot6),
        father,
        mother,
        replace(cast.child(freja, father, mother), protection="fortrolig"),
    ]


def _with_guardians(cast: Casting) -> list[Person]:
    guardian = cast.adult(
        "berit-nyheim",
        "Berit Nyheim",
        date(1969, 3, 12),
        "Verge for Arne (personlig) og Solfrid (bare økonomi)",
        lives=home("Nyheimveien 1", "8515", "Narvik"),
    )
    arne = cast.person(
        "arne-hellmo",
        "Arne Hellmo",
        date(1995, 6, 6),
        "Har verge med mandat for personlige forhold: vergen ser",
        lives=home("Hellmoveien 14", "8520", "Ankenes"),
    )
    solfrid = cast.person(
        "solfrid-tverra",
        "Solfrid Tverrå",
        date(1948, 12, 1),
        "Har verge bare for økonomi: vergen ser ikke",
        lives=home("Tverråveien 3", "8520", "Ankenes"),
    )
    since = cast.today - timedelta(days=700)
    economy = Guardianship(guardian.pid, scope="oekonomiskeInteresser", valid_from=since)
    return [
        guardian,
        replace(arne, guardianships=(Guardianship(guardian.pid, valid_from=since),), can_sign_in=False),
        replace(solfrid, guardianships=(economy,)),
    ]


def _elderly(cast: Casting) -> list[Person]:
    daughter = cast.adult(
        "unni-oyjord",
        "Unni Øyjord",
        date(1968, 2, 2),
        "Datter av Oddrun (86). Får hun fullmakt, kan hun se og svare for moren",
        lives=home("Øyjordveien 22", "8517", "Narvik"),
    )
    mother = cast.user(
        "oddrun-oyjord",
        "Oddrun Øyjord",
        _aged(cast, 86),
        "86 år, vil gi datteren Unni fullmakt",
        lives=home("Bygata 3", "8514", "Narvik", "H0203"),
    )
    return [daughter, mother]


def _changing_number(cast: Casting) -> list[Person]:
    slug, born = "daria-kovach", date(1994, 10, 9)
    daria = cast.user(
        slug,
        "Daria Kovach",
        born,
        "Har D-nummer. Bytt til fødselsnummer her, og se at hun er den samme i portalen",
        lives=home("Havnegata 9", "9900", "Kirkenes", "H0101"),
    )
    return [replace(daria, pid=d_number_for(slug, born))]
