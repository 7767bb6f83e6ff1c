"""From audit rows to the words of the access log."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.site import access_log_words as words
from portal.site.access_log_queries import Page, Sieve
from portal.ui import dates
from portal.ui.cards import Choice, Pages, Text, Tone
from youth_access.eyes import Eyes

LINKS: tuple[tuple[str, Text], ...] = (
    ("youth_access:fullmakter", words.WHO_MAY_ACT),
    ("youth_access:consents", words.CONSENTS),
    ("site:settings", words.SETTINGS),
)
"""Other pages about one's own affairs, for whoever is here as themselves. Those that do not exist are left out."""


_AGREEMENT = "care_agreement"
"""The basis of rows left by another health service, which stands there by name."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One deed: what happened in a sentence, when, who it was, and why they might."""

    sentence: str
    time_text: str
    capacity: str
    basis: str
    icon: str
    tag: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True, kw_only=True)
class Day:
    """What happened on one day."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One line of a list to choose from."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Log:
    """The page as its template lays it out."""

    lead: str
    days: list[Day]
    result_text: str
    years: list[Option]
    services: list[Option]
    sieved: bool
    pages: Pages | None
    printed: str
    empty_heading: str
    empty_text: str
    links: list[Choice] = field(default_factory=list)


def log_page(eyes: Eyes, page: Page, sieve: Sieve, *, first: bool) -> Log:
    """The log with its sieve and its page turner."""
    sieved = sieve != Sieve()
    return Log(
        lead=_lead(eyes),
        days=_days(eyes, page),
        result_text=_result_text(page, sieved=sieved),
        years=_years(page, sieve),
        services=_services(page, sieve),
        sieved=sieved,
        pages=_pages(page, sieve, first=first),
        printed=_("Innsynslogg for %(name)s, skrevet ut %(day)s")
        % {"name": eyes.patient_name, "day": dates.plain_date(clock.now())},
        empty_heading=_("Ingen innsyn å vise"),
        empty_text=_("Prøv et annet år eller en annen tjeneste.")
        if sieved
        else _("Her kommer det når noen ser på dem."),
        links=links(eyes),
    )


def links(eyes: Eyes) -> list[Choice]:
    """The way to the other pages about one's own affairs; none while acting for somebody else."""
    if eyes.acting_for_another:
        return []
    return [Choice(label, url, current=False) for name, label in LINKS if (url := _url(name))]


def closed_text(eyes: Eyes) -> str:
    """Why the log is not shown. Nothing is said of what stands in it."""
    if eyes.acting_for_another:
        return _("Du kan ikke se denne loggen når du handler for %(name)s.") % {"name": eyes.patient_name}
    return _("Du kan ikke se loggen her ennå. Ring oss hvis du vil vite hvem som har sett på opplysningene dine.")


def _lead(eyes: Eyes) -> str:
    if eyes.acting_for_another:
        return _("Her ser du hvem som har sett på opplysningene til %(name)s, og hva de har gjort.") % {
            "name": eyes.patient_name
        }
    return _("Her ser du hvem som har sett på opplysningene dine, og hva de har gjort.")


def _days(eyes: Eyes, page: Page) -> list[Day]:
    by_day = groupby(page.rows, key=lambda row: row.at.astimezone(clock.OSLO).date())
    return [Day(heading=capfirst(dates.day(day)), lines=_lines(eyes, page, rows)) for day, rows in by_day]


def _lines(eyes: Eyes, page: Page, rows: Iterable[AuditRow]) -> list[Line]:
    return [line(eyes, page, row) for row in rows]


def line(eyes: Eyes, page: Page, row: AuditRow) -> Line:
    """One row in words."""
    tag, tone = _tag(row)
    return Line(
        sentence=_sentence(row) % {"who": _who(eyes, page, row), "what": _what(eyes, page, row)},
        time_text=dates.time(row.at),
        capacity=_capacity(page, row),
        basis=_basis(row),
        icon=_icon(row),
        tag=tag,
        tone=tone,
    )


def _sentence(row: AuditRow) -> str:
    if row.result == AuditRow.Result.REFUSED:
        return str(words.REFUSALS.get(row.action, words.REFUSED))
    fallback = words.LOOKED if row.result == AuditRow.Result.SHOWN else words.CHANGED
    return str(words.DEEDS.get(row.action, fallback))


def _who(eyes: Eyes, page: Page, row: AuditRow) -> str:
    if row.basis == _AGREEMENT:
        return str(row.details.get("name") or _("En annen helsetjeneste"))
    if row.actor_kind in ("system", "sender"):
        return _("Helseforetaket")
    if row.actor_id == str(eyes.viewer.person_id) and row.actor_kind == "citizen":
        return _("Du")
    unnamed = _("En ansatt") if row.actor_kind == "staff" else _("En som handler for deg")
    return page.names.get(row.actor_id) or unnamed


def _what(eyes: Eyes, page: Page, row: AuditRow) -> str:
    """The item's kind; only "information" where the viewer may not see the item now, or nobody named its kind."""
    hidden = row.item_kind in words.ITEM_KINDS and row.item_id not in page.in_sight
    if hidden or row.item_kind not in words.NOUNS:
        return str(words.SOMETHING_OF_ANOTHER if eyes.acting_for_another else words.SOMETHING)
    return str(words.NOUNS[row.item_kind])


def _capacity(page: Page, row: AuditRow) -> str:
    if row.basis == _AGREEMENT:
        return _("Annen helsetjeneste")
    if row.actor_kind in ("system", "sender"):
        return _("Automatisk")
    if row.actor_kind != "staff":
        return capfirst(str(words.CAPACITIES.get(row.basis, "")))
    place = page.units.get(row.organisation) or settings.REGION_NAME
    role = capfirst(str(words.CAPACITIES.get(row.basis, _("ansatt"))))
    return f"{role}, {place}"


def _basis(row: AuditRow) -> str:
    told = words.BASES.get(row.basis)
    return _("Grunnlag: %(basis)s") % {"basis": told} if told else ""


def _tag(row: AuditRow) -> tuple[str, Tone]:
    if row.result == AuditRow.Result.REFUSED:
        return _("Avvist"), "warning"
    urgent = row.basis == "emergency" or row.item_kind == "break_glass"
    return (_("Nødtilgang"), "danger") if urgent else ("", "neutral")


def _icon(row: AuditRow) -> str:
    if row.result == AuditRow.Result.REFUSED:
        return "xmark-octagon"
    if row.basis == "emergency":
        return "exclamationmark-triangle"
    if row.actor_kind in ("system", "sender"):
        return "buildings2"
    if row.actor_kind == "staff":
        return "hospital"
    return "person" if row.basis == "self" else "person-group"


def _result_text(page: Page, *, sieved: bool) -> str:
    count = len(page.rows)
    if not count:
        return ""
    if sieved:
        return ngettext("Viser %(count)s innsyn som passer.", "Viser %(count)s innsyn som passer.", count) % {
            "count": count
        }
    return ngettext("Viser %(count)s innsyn, nyeste først.", "Viser %(count)s innsyn, nyeste først.", count) % {
        "count": count
    }


def _years(page: Page, sieve: Sieve) -> list[Option]:
    return [Option(value=str(year), label=str(year), chosen=year == sieve.year) for year in page.years]


def _services(page: Page, sieve: Sieve) -> list[Option]:
    return [Option(value=key, label=words.SERVICES[key][0], chosen=key == sieve.service) for key in page.services]


def _pages(page: Page, sieve: Sieve, *, first: bool) -> Pages | None:
    if first and not page.older:
        return None
    kept = {"aar": str(sieve.year or ""), "tjeneste": sieve.service}
    kept = {name: value for name, value in kept.items() if value}
    here = reverse("site:access_log")
    return Pages(
        previous_url="" if first else _with(here, kept),
        next_url=_with(here, kept | {"etter": page.older}) if page.older else "",
        links=[],
        previous_text=_("Nyeste innsyn"),
        next_text=_("Eldre innsyn"),
    )


def _with(address: str, values: dict[str, str]) -> str:
    return f"{address}?{urlencode(values)}" if values else address


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
