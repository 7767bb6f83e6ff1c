"""Adults whose post can go either way: the plain digital reader, and each reason to be written to on paper."""

from dataclasses import replace
from datetime import date

from portal.counterparts.standins.casting import STALE_DAYS, Casting, home
from portal.counterparts.standins.person import Contact, Person


def everyday(today: date) -> list[Person]:
    """Readers with nothing in the way."""
    cast = Casting(today, "everyday")
    return [*_common(cast), *_other_languages(cast), _without_mobile(cast)]


def _without_mobile(cast: Casting) -> Person:
    odny = cast.user(
        "odny-sletten",
        "Odny Sletten",
        date(1941, 8, 2),
        "85 år, leser brev på nett når datteren hjelper til",
        lives=home("Havnegata 3", "8300", "Svolvær", "H0201"),
    )
    return replace(odny, contact=replace(odny.contact, mobile=None, mobile_updated=None, mobile_verified=None))


def _other_languages(cast: Casting) -> list[Person]:
    aile = cast.user(
        "aile-cavzu",
        "Áile|Čávžu",
        date(1990, 3, 9),
        "Har nordsamisk som språk, og č, á og ž i navnet",
        lives=home("Deanugeaidnu 41", "9730", "Kárášjohka - Karasjok"),
    )
    return [
        replace(aile, contact=replace(aile.contact, language="se")),
        cast.user(
            "niillas-davvi",
            "Niillas|Ánde|Gáŋŋoš-Đavvi",
            date(1968, 1, 24),
            "Navn med ŋ, š og đ: skal stå rett på skjerm og papir",
            lives=home("Suohpatjávri 12", "9520", "Guovdageaidnu - Kautokeino"),
        ),
        cast.user(
            "hilde-vassdal",
            "Hilde Vassdal",
            date(1988, 12, 1),
            "Språk nynorsk",
            lives=home("Myrveien 22", "9515", "Alta"),
        ),
    ]


def _common(cast: Casting) -> list[Person]:
    return [
        cast.user(
            "kari-nordli",
            "Kari Nordli",
            date(1982, 5, 11),
            "Vanlig digital leser: varsles på SMS og e-post, får papir bare når brevet ikke åpnes",
            lives=home("Storgata 112", "9008", "Tromsø", "H0302"),
        ),
        cast.user(
            "torbjorn-ytteras",
            "Torbjørn Ytterås",
            date(1975, 11, 30),
            "Vanlig digital leser med æ, ø og å",
            lives=home("Strandgata 7", "9405", "Harstad"),
        ),
        cast.user(
            "solveig-brattfjell",
            "Solveig Brattfjell",
            date(1996, 6, 17),
            "Leser alt på mobilen",
            lives=home("Kongens gate 44", "8514", "Narvik", "H0401"),
        ),
        cast.user(
            "geir-langmo",
            "Geir Langmo",
            date(1959, 9, 5),
            "Vanlig digital leser i Bodø",
            lives=home("Sjøgata 19", "8006", "Bodø"),
        ),
        cast.user(
            "even-haugnes",
            "Even Haugnes",
            date(2008, 2, 14),
            "Nettopp blitt voksen, bor fortsatt hjemme",
            lives=home("Furuveien 6", "8622", "Mo i Rana"),
        ),
    ]


def on_paper(today: date) -> list[Person]:
    """Readers whom the digital way does not reach, each for another reason."""
    cast = Casting(today, "paper")
    return [*_reserved(cast), *_cannot_be_told(cast), *_never_seen(cast)]


def _reserved(cast: Casting) -> list[Person]:
    reserved = cast.user(
        "arvid-storhaug",
        "Arvid Storhaug",
        date(1951, 4, 20),
        "Har reservert seg, men bruker portalen: viktige brev kommer begge veier",
        lives=home("Parkveien 9", "9406", "Harstad"),
    )
    reserved_away = cast.person(
        "gudrun-eidnes",
        "Gudrun Eidnes",
        date(1938, 10, 13),
        "Har reservert seg og har aldri logget inn: alt på papir",
        lives=home("Eidnesveien 30", "9180", "Skjervøy"),
    )
    return [
        replace(reserved, contact=replace(reserved.contact, reserved=True)),
        replace(reserved_away, contact=replace(reserved_away.contact, reserved=True)),
    ]


def _cannot_be_told(cast: Casting) -> list[Person]:
    silent = cast.user(
        "leif-tangen",
        "Leif Tangen",
        date(1964, 7, 7),
        "Kan ikke varsles: verken e-post eller mobil",
        lives=home("Tangvegen 2", "9900", "Kirkenes"),
    )
    old_email = cast.user(
        "berit-holmvik",
        "Berit Holmvik",
        date(1971, 2, 25),
        "E-posten er 19 måneder gammel, mobilen er fersk: varsles bare på SMS",
        lives=home("Holmvikveien 15", "8656", "Mosjøen"),
    )
    old_both = cast.user(
        "roar-stensland",
        "Roar Stensland",
        date(1956, 3, 3),
        "Både e-post og mobil er 19 måneder gamle: rett på papir",
        lives=home("Steinveien 1", "9800", "Vadsø"),
    )
    bounces = cast.user(
        "maja-solbakk",
        "Maja Solbakk",
        date(1993, 9, 19),
        "SMS og e-post kommer aldri fram: brevet går i posten med en gang det er klart",
        lives=home("Solbakken 8", "9300", "Finnsnes"),
    )
    return [
        replace(silent, contact=Contact()),
        replace(old_email, contact=cast.contact("berit-holmvik", email_days=STALE_DAYS)),
        replace(old_both, contact=cast.contact("roar-stensland", email_days=STALE_DAYS, mobile_days=STALE_DAYS)),
        replace(bounces, contact=replace(bounces.contact, bounces=True)),
    ]


def _never_seen(cast: Casting) -> list[Person]:
    return [
        replace(
            cast.user(
                "terje-moan",
                "Terje Moan",
                date(1979, 5, 29),
                "Står ikke i kontaktregisteret, men har brukt portalen",
                lives=home("Moanveien 4", "9600", "Hammerfest"),
            ),
            contact=Contact(registered=False),
        ),
        cast.person(
            "ingeborg-nesje",
            "Ingeborg Nesje",
            date(1947, 12, 12),
            "Har aldri logget inn: brevet går på papir",
            lives=home("Nesjegata 5", "8800", "Sandnessjøen"),
        ),
    ]
