"""Families in which each rule about seeing on behalf of others has its own example. All names are invented."""

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta

from portal.counterparts.standins.casting import Casting, birthday, home
from portal.counterparts.standins.person import Person, Responsibility, SharedHome

YOUTHS = (
    ("ask-fagerlid", "Ask Fagerlid", 12, "12 år: kan ikke logge inn selv, foreldrene ser bare det som er vurdert"),
    ("tiril-fagerlid", "Tiril Fagerlid", 13, "13 år: kan logge inn, men trenger samtykke fra en forelder"),
    ("sigurd-fagerlid", "Sigurd Fagerlid", 14, "14 år, med egen BankID"),
    ("vilja-fagerlid", "Vilja Fagerlid", 15, "15 år, med egen BankID"),
    ("tage-fagerlid", "Tage Fagerlid", 17, "17 år: bestemmer selv, foreldrene ser ingenting uten fullmakt"),
)


def relations(today: date) -> list[Person]:
    """Every family that the rules of age, home and responsibility tell apart."""
    cast = Casting(today, "relations")
    return [
        *_married(cast),
        *_shared_home(cast),
        *_twelve_tomorrow(cast),
        *_youths(cast),
        *_sixteen_tomorrow(cast),
        *_leap_day(cast),
        *_only_the_year(cast),
        *_former_parent(cast),
        *_dead_child(cast),
    ]


def _aged(cast: Casting, age: int, in_days: int = 100) -> date:
    """The birth date of someone who is so old now, and has a birthday in so many days."""
    return birthday(cast.today, age=age + 1, in_days=in_days)


def _married(cast: Casting) -> list[Person]:
    house = home("Aspelundveien 4", "9011", "Tromsø")
    mother = cast.adult("kristin-aspelund", "Kristin Aspelund", date(1987, 3, 3), "Mor til Nora (8), gift", lives=house)
    father = cast.adult("havard-aspelund", "Håvard Aspelund", date(1985, 8, 21), "Far til Nora (8), gift", lives=house)
    nora = cast.person(
        "nora-aspelund", "Nora Aspelund", _aged(cast, 8), "8 år: begge foreldrene ser alt om henne", lives=house
    )
    return [mother, father, cast.child(nora, mother, father)]


def _shared_home(cast: Casting) -> list[Person]:
    hers, his = home("Breivollvegen 7", "9016", "Tromsø"), home("Strandskillet 12", "9008", "Tromsø", "H0201")
    mother = cast.adult(
        "camilla-breivoll", "Camilla Breivoll", date(1988, 11, 2), "Mor til Oskar (10), som har delt bosted", lives=hers
    )
    father = cast.adult(
        "anders-breivoll",
        "Anders Breivoll",
        date(1986, 6, 14),
        "Far til Oskar (10), som er registrert hos ham",
        lives=his,
    )
    oskar = cast.person(
        "oskar-breivoll",
        "Oskar Breivoll",
        _aged(cast, 10),
        "10 år, foreldrene bor hver for seg. Registrert hos far, delt bosted hos mor: begge ser",
        lives=his,
    )
    agreed = SharedHome(hers, cast.today - timedelta(days=500))
    return [mother, father, replace(cast.child(oskar, mother, father), shared_homes=(agreed,))]


def _twelve_tomorrow(cast: Casting) -> list[Person]:
    house = home("Dalhaugen 3", "9408", "Harstad")
    mother = cast.adult("marit-dalhaug", "Marit Dalhaug", date(1984, 2, 11), "Mor til Iben, som fyller 12", lives=house)
    father = cast.adult("pal-dalhaug", "Pål Dalhaug", date(1983, 12, 5), "Far til Iben, som fyller 12", lives=house)
    iben = cast.person(
        "iben-dalhaug",
        "Iben Dalhaug",
        birthday(cast.today, age=12, in_days=1),
        "Fyller 12 i morgen: ved midnatt ser foreldrene bare det som er vurdert",
        lives=house,
    )
    return [mother, father, cast.child(iben, mother, father)]


def _youths(cast: Casting) -> list[Person]:
    house = home("Fagerlia 21", "8516", "Narvik")
    mother = cast.adult(
        "ragnhild-fagerlid", "Ragnhild Fagerlid", date(1979, 5, 30), "Mor til fem mellom 12 og 17", lives=house
    )
    father = cast.adult(
        "bjornar-fagerlid", "Bjørnar Fagerlid", date(1978, 9, 17), "Far til fem mellom 12 og 17", lives=house
    )
    born = [_aged(cast, age, in_days=60 + age * 9) for _slug, _name, age, _note in YOUTHS]
    made = [
        cast.person(slug, name, day, note, lives=house)
        for (slug, name, _age, note), day in zip(YOUTHS, born, strict=True)
    ]
    twelve, *older = made
    return [mother, father, cast.child(twelve, mother, father), *(cast.youth(one, mother, father) for one in older)]


def _sixteen_tomorrow(cast: Casting) -> list[Person]:
    house = home("Granmoveien 40", "8657", "Mosjøen")
    mother = cast.adult(
        "heidi-granmo", "Heidi Granmo", date(1982, 10, 10), "Mor til Storm, som fyller 16 i morgen", lives=house
    )
    storm = cast.person(
        "storm-granmo",
        "Storm Granmo",
        birthday(cast.today, age=16, in_days=1),
        "Fyller 16 i morgen: ved midnatt tar all foreldretilgang slutt",
        lives=house,
    )
    return [mother, cast.youth(storm, mother, kind="mor")]


def _leap_day(cast: Casting) -> list[Person]:
    house = home("Helgåsen 8", "9750", "Honningsvåg")
    father = cast.adult(
        "jostein-helgas", "Jostein Helgås", date(1980, 4, 4), "Far til Snorre, født 29. februar", lives=house
    )
    year = next(year for year in range(cast.today.year - 13, 1900, -1) if isleap(year))
    snorre = cast.person(
        "snorre-helgas", "Snorre Helgås", date(year, 2, 29), f"Født 29. februar {year}, en dag få år har", lives=house
    )
    return [father, cast.youth(snorre, father, kind="far")]


def _only_the_year(cast: Casting) -> list[Person]:
    house = home("Ishavsgata 5", "9900", "Kirkenes", "H0202")
    year = cast.today.year - 12
    mother = cast.adult(
        "selam-tesfalem",
        "Selam Tesfalem",
        date(1990, 1, 1),
        f"Mor til Rahel, som er født en gang i {year}",
        lives=house,
    )
    rahel = cast.person(
        "rahel-tesfalem",
        "Rahel Tesfalem",
        date(year, 1, 1),
        f"Registeret vet bare at hun er født i {year}: er svaret ulikt for januar og desember, er det nei",
        lives=house,
    )
    return [mother, replace(cast.child(rahel, mother, kind="mor"), birth_date=None)]


def _former_parent(cast: Casting) -> list[Person]:
    house = home("Rognlivegen 16", "8450", "Stokmarknes")
    mother = cast.adult(
        "siv-rognli", "Siv Rognli", date(1989, 7, 7), "Mor til Tuva (9), alene med ansvaret", lives=house
    )
    father = cast.adult(
        "kent-rognli",
        "Kent Rognli",
        date(1986, 1, 30),
        "Far til Tuva (9), hadde ansvar til for et år siden: får vite hvordan han ber om innsyn",
        lives=home("Markveien 90", "8450", "Stokmarknes"),
    )
    tuva = cast.person("tuva-rognli", "Tuva Rognli", _aged(cast, 9), "9 år, bare moren har ansvar", lives=house)
    born, ended = tuva.birth_date, cast.today - timedelta(days=365)
    rows = (
        Responsibility("felles", mother.pid, born, ended),
        Responsibility("felles", father.pid, born, ended),
        Responsibility("mor", mother.pid, ended),
    )
    return [mother, father, replace(cast.child(tuva, mother, father), parental_responsibility=rows)]


def _dead_child(cast: Casting) -> list[Person]:
    house = home("Slettaveien 2", "9800", "Vadsø")
    mother = cast.adult("gro-sletten", "Gro Sletten", date(1988, 8, 8), "Mor til Mathea, som er død", lives=house)
    mathea = cast.person(
        "mathea-sletten",
        "Mathea Sletten",
        _aged(cast, 6),
        "Døde for tre uker siden, 6 år gammel: ingen ser på vegne av henne",
        lives=house,
    )
    dead = replace(cast.child(mathea, mother, kind="mor"), died_on=cast.today - timedelta(days=21), letter=False)
    return [mother, dead]
