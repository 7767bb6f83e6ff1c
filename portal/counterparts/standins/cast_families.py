"""Children, youths and those who answer for them. Birth dates follow the region's first day, so that ages hold."""

from dataclasses import replace
from datetime import date, timedelta

from portal.counterparts.standins.casting import Casting, birthday, home
from portal.counterparts.standins.person import Contact, Person, Responsibility


def families(today: date) -> list[Person]:
    """Every family the rules of age and home tell apart."""
    cast = Casting(today, "family")
    return [*_together(cast), *_apart(cast), *_with_youths(cast), *_bad_rows(cast)]


def _together(cast: Casting) -> list[Person]:
    house = home("Storelvaveien 58", "9100", "Kvaløysletta", "H0101")
    mother = cast.user(
        "ingrid-myrvang", "Ingrid Myrvang", date(1986, 4, 18), "Mor til Live (7) og Jonas (snart 12)", lives=house
    )
    father = cast.user(
        "tor-arne-myrvang", "Tor-Arne Myrvang", date(1984, 10, 2), "Far til Live (7) og Jonas (snart 12)", lives=house
    )
    live = cast.person(
        "live-myrvang",
        "Live Myrvang",
        birthday(cast.today, age=8, in_days=120),
        "Barn på 7 år som bor sammen med begge foreldrene",
        lives=house,
    )
    jonas = cast.person(
        "jonas-myrvang",
        "Jonas Myrvang",
        birthday(cast.today, age=12, in_days=3),
        "Fyller 12 om tre dager: adressaten skal vurderes på nytt før trykk",
        lives=house,
    )
    return [mother, father, cast.child(live, mother, father), cast.child(jonas, mother, father)]


def _apart(cast: Casting) -> list[Person]:
    mother = cast.user(
        "silje-kvitnes",
        "Silje Kvitnes",
        date(1989, 1, 9),
        "Mor til Sander, som ikke bor hos henne",
        lives=home("Torvgata 2", "8006", "Bodø", "H0501"),
    )
    grandmother = cast.person(
        "randi-kvitnes",
        "Randi Kvitnes",
        date(1958, 6, 23),
        "Mormor til Sander: bor med ham, men har ikke foreldreansvar",
        lives=home("Kvitnesveien 9", "8445", "Melbu"),
    )
    sander = cast.person(
        "sander-kvitnes",
        "Sander Kvitnes",
        birthday(cast.today, age=9, in_days=200),
        "Barn på 8 år uten forelder på adressen: brevet blir en oppgave for et menneske",
        lives=grandmother.residence,
    )
    return [mother, grandmother, cast.child(sander, mother, kind="mor")]


def _with_youths(cast: Casting) -> list[Person]:
    house = home("Brattlia 14", "9513", "Alta")
    mother = cast.user(
        "elin-brattli", "Elin Brattli", date(1981, 9, 9), "Mor til Emma (13) og Mikkel (snart 16)", lives=house
    )
    emma = cast.person(
        "emma-brattli",
        "Emma Brattli",
        birthday(cast.today, age=14, in_days=150),
        "Ungdom på 13 år: får papir i eget navn",
        lives=house,
    )
    mikkel = cast.person(
        "mikkel-brattli",
        "Mikkel Brattli",
        birthday(cast.today, age=16, in_days=5),
        "Fyller 16 om fem dager",
        lives=house,
    )
    youths = [cast.child(youth, mother, kind="mor") for youth in (emma, mikkel)]
    return [mother, *[replace(youth, can_sign_in=True, contact=cast.contact(youth.slug)) for youth in youths]]


def _bad_rows(cast: Casting) -> list[Person]:
    house = home("Fjæraveien 33", "9840", "Vuonnabahta - Varangerbotn")
    father = cast.user(
        "jovnna-fjara", "Jovnna Fjæra", date(1983, 2, 28), "Far til Sárá, alene med ansvaret", lives=house
    )
    mother = cast.person("liv-fjara", "Liv Fjæra", date(1985, 11, 3), "Mor til Sárá, død i fjor", lives=None)
    sara = cast.person(
        "sara-fjara",
        "Sárá Fjæra",
        birthday(cast.today, age=5, in_days=60),
        "Barn på 4 år. Registeret har doble, avsluttede og nummerløse rader om foreldreansvar",
        lives=house,
    )
    born, ended = sara.birth_date, cast.today - timedelta(days=380)
    rows = (
        Responsibility("felles", father.pid, born, ended),
        Responsibility("felles", mother.pid, born, ended),
        Responsibility("far", father.pid, ended),
        Responsibility("far", father.pid, ended),
        Responsibility("andre", None, born, ended),
    )
    gone = replace(mother, died_on=ended, can_sign_in=False, contact=Contact(registered=False))
    return [father, gone, replace(cast.child(sara, father, mother), parental_responsibility=rows)]
