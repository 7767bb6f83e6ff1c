"""Fullmakter in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.ui import dates
from portal.ui.cards import Tone
from youth_access.acting_words import areas_text
from youth_access.ages import OSLO
from youth_access.models import Fullmakt
from youth_access.queries.grants import Fullmakter


@dataclass(frozen=True)
class Row:
    """One fullmakt as its list shows it. `end_url` is empty where it is not this viewer's to end."""

    name: str
    areas: str
    period: str
    state: str
    tone: Tone
    end_url: str = ""
    end_label: str = ""


@dataclass(frozen=True)
class Overview:
    """Everything one person has a part in."""

    given: list[Row]
    received: list[Row]
    over: list[Row]


@dataclass(frozen=True)
class Summary:
    """What is about to be given, before anything is."""

    name: str
    areas: str
    period: str
    replaces: str


def overview(found: Fullmakter, now: datetime) -> Overview:
    """The list's three parts."""
    return Overview(
        given=[_current(row, row.receiver.name, _("Trekk tilbake"), now) for row in found.given],
        received=[_current(row, row.giver.name, _("Si fra deg"), now) for row in found.received],
        over=[_over(row) for row in found.over],
    )


def period_text(starts_at: datetime, ends_at: datetime | None) -> str:
    """From the first day to the last that counts, or until somebody ends it."""
    first = dates.plain_date(starts_at)
    if ends_at is None:
        return _("Gjelder fra %(first)s, uten sluttdato") % {"first": first}
    last = dates.plain_date(ends_at - timedelta(microseconds=1))
    return _("Gjelder fra %(first)s til og med %(last)s") % {"first": first, "last": last}


def midnight(day: date) -> datetime:
    """The first instant of a day in Oslo."""
    return datetime(day.year, day.month, day.day, tzinfo=OSLO)


def _current(row: Fullmakt, name: str, end_label: str, now: datetime) -> Row:
    begun, given = row.starts_at <= now, row.kind == Fullmakt.Kind.GIVEN
    return Row(
        name=name,
        areas=areas_text(row.areas),
        period=period_text(row.starts_at, row.ends_at),
        state=_state(begun=begun, given=given),
        tone="success" if begun else "info",
        end_url=reverse("youth_access:end_fullmakt", args=[row.pk]) if given else "",
        end_label=f"{end_label}: {name}",
    )


def _state(*, begun: bool, given: bool) -> str:
    if not given:
        return _("Tildelt av helsetjenesten")
    return _("Gjelder nå") if begun else _("Har ikke begynt")


def _over(row: Fullmakt) -> Row:
    words = {"giver": row.giver.name, "receiver": row.receiver.name}
    return Row(
        name=_("Fra %(giver)s til %(receiver)s") % words,
        areas=areas_text(row.areas),
        period=_ended(row),
        state=_("Avsluttet"),
        tone="neutral",
    )


def _ended(row: Fullmakt) -> str:
    first = dates.plain_date(row.starts_at)
    ran_out = row.ends_at is not None and (row.revoked_at is None or row.ends_at <= row.revoked_at)
    if ran_out or row.revoked_at is None:
        return period_text(row.starts_at, row.ends_at)
    who = next((one.name for one in (row.giver, row.receiver) if one.pk == row.revoked_by), None)
    words = {"first": first, "when": dates.moment(row.revoked_at), "who": who}
    if who is None:
        return _("Ga tilgang fra %(first)s. Avsluttet %(when)s.") % words
    return _("Ga tilgang fra %(first)s. Avsluttet %(when)s av %(who)s.") % words
