"""Persons whose address, or whose name on the envelope, takes care."""

from dataclasses import replace
from datetime import date, timedelta

from portal.counterparts.standins.casting import Casting, home
from portal.counterparts.standins.person import Address, Contact, Person


def addresses(today: date) -> list[Person]:
    """Every shape of address that a printer, a window envelope or a rule may stumble over."""
    cast = Casting(today, "address")
    return [*_long(cast), *_odd(cast), *_protected(Casting(today, "protected"), today)]


def _long(cast: Casting) -> list[Person]:
    return [
        cast.person(
            "per-fjellgard",
            "Per Fjellgård",
            date(1949, 1, 31),
            "Adresse på fire linjer",
            lives=Address(
                ("Fjellgård gård", "Nedre tun, inngang fra nord", "Oppgang B, leilighet 204", "Øvre Dividalsvei 1180"),
                "9334",
                "Øverbygd",
            ),
        ),
        cast.person(
            "anne-lovise-lang",
            "Anne-Lovise Kristine|Margrete Eline|Ballangsmoen-Sørfjordvik",
            date(1977, 8, 21),
            "Navn på 60 tegn: skal få plass i konvoluttvinduet uten å kuttes",
            lives=home("Ballangsveien 212", "8540", "Ballangen"),
        ),
    ]


def _odd(cast: Casting) -> list[Person]:
    abode = cast.person(
        "stig-uthaug",
        "Stig Uthaug",
        date(1985, 6, 6),
        "Uten fast bosted og uten postadresse: brevet må vente på et menneske",
    )
    post_box = cast.person(
        "vigdis-lunde",
        "Vigdis Lunde",
        date(1962, 11, 8),
        "Bor ett sted, har postboks et annet: papir går til postboksen",
        lives=home("Lundeveien 70", "9143", "Skibotn"),
    )
    return [
        cast.person(
            "unni-rodli",
            "Unni Rødli",
            date(2003, 4, 4),
            "Bor hos noen andre (c/o)",
            lives=Address(("c/o Wenche Rødli", "Skolegata 18"), "8450", "Stokmarknes"),
        ),
        replace(post_box, contact_address=Address(("Postboks 118",), "9252", "Tromsø")),
        cast.person(
            "juhani-lampela",
            "Juhani Lampela-Ojala",
            date(1966, 2, 2),
            "Bor i utlandet: adressen må sees på av et menneske",
            lives=Address(("Poroaidantie 14 B 3",), "99870", "INARI", "FI"),
        ),
        replace(abode, no_fixed_abode=True, contact=Contact(registered=False)),
        cast.person(
            "svein-myrland",
            "Svein Myrland",
            date(1970, 10, 10),
            "Folkeregisteret har ingen adresse",
        ),
    ]


def _protected(cast: Casting, today: date) -> list[Person]:
    strict = cast.user(
        "tuva-skjermli",
        "Tuva Skjermli",
        date(1991, 7, 15),
        "Strengt fortrolig adresse (kode 6): bare postadressen SOT6 finnes",
    )
    confidential = cast.user(
        "marius-stillnes",
        "Marius Stillnes",
        date(1987, 3, 27),
        "Fortrolig adresse (kode 7): papir går til postadressen, aldri til bostedet",
        lives=home("Skjulveien 1", "9016", "Tromsø"),
    )
    dead = cast.person(
        "olav-grindvoll",
        "Olav Grindvoll",
        date(1944, 5, 5),
        "Død for tre uker siden: ingenting sendes, noen må se på saken",
        lives=home("Grindveien 11", "9700", "Lakselv"),
    )
    return [
        replace(
            strict,
            protection="strengtFortrolig",
            contact_address=Address(("SOT6", "Postboks 2094 Vika"), "0125", "Oslo"),
        ),
        replace(
            confidential,
            protection="fortrolig",
            contact_address=Address(("Postboks 77",), "9252", "Tromsø"),
        ),
        replace(
            dead,
            died_on=today - timedelta(days=21),
            can_sign_in=False,
            contact=Contact(registered=False),
        ),
    ]
