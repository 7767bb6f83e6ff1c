"""The two lists of appointments, and the card on the front page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import presenters
from appointments.cards import ListPage, Row
from appointments.models import Appointment, Request
from appointments.presenters_receipt import wish_note
from appointments.queries import asked, free_times, on_screen, requests, wishing
from portal.ui.cards import Action, Choice, turner
from youth_access.eyes import Eyes

PAGE = 20


def coming_page(eyes: Eyes, number: str) -> tuple[ListPage, list[UUID]]:
    """What is to come, with everything on it by id. The same number of queries for one appointment and for hundreds."""
    coming, called_off = on_screen.coming(eyes), on_screen.called_off(eyes)
    known = asked.about(eyes, [each.id for each in (*coming, *called_off)])
    rows = presenters.bundles(coming, known)
    here = reverse("appointments:list")
    page = Paginator(rows[1:], PAGE).get_page(number)
    top = page.number == 1
    shown = [*rows[: 1 if top else 0], *page.object_list]
    off = [presenters.row(each, known[each.id]) for each in called_off] if top else []
    return (
        ListPage(
            choices=_choices(earlier=False),
            first=rows[0] if rows and top else None,
            first_heading=_("Neste time"),
            rows=list(page.object_list),
            rows_heading=_("Senere"),
            called_off=off,
            wishes=[wish_note(each) for each in requests.wishes(eyes)] if top else [],
            pages=turner(page, lambda to: f"{here}?side={to}"),
            empty_heading=_("Ingen timer her") if eyes.acting_for_another else _("Du har ingen kommende timer"),
            empty_text=_("Når sykehuset setter opp en time, finner du den her."),
            links=_links(eyes),
        ),
        _ids([*shown, *off]),
    )


def _ids(rows: Sequence[Row]) -> list[UUID]:
    """Every appointment that stands in these rows; a bundle's parts include its main one."""
    return [one.id for row in rows for one in (row.parts or [row])]


def earlier_page(eyes: Eyes, number: str) -> tuple[ListPage, list[UUID]]:
    """What is over, the latest first."""
    page: Any = Paginator(on_screen.earlier(eyes), PAGE).get_page(number)
    found: list[Appointment] = list(page.object_list)
    here = f"{reverse('appointments:list')}?vis=tidligere"
    nothing: list[Request] = []
    return (
        ListPage(
            choices=_choices(earlier=True),
            first=None,
            first_heading="",
            rows=[presenters.row(each, nothing) for each in found],
            rows_heading="",
            called_off=[],
            wishes=[],
            pages=turner(page, lambda to: f"{here}&side={to}"),
            empty_heading=_("Ingen tidligere timer"),
            empty_text=_("Timer som er over, finner du her."),
            links=[],
        ),
        [each.id for each in found],
    )


def _choices(*, earlier: bool) -> list[Choice]:
    here = reverse("appointments:list")
    return [
        Choice(_("Kommende"), here, current=not earlier),
        Choice(_("Tidligere"), f"{here}?vis=tidligere", current=earlier),
    ]


def _links(eyes: Eyes) -> list[Action]:
    found = []
    if free_times.bookable(eyes):
        found.append(Action(label=_("Bestill time"), url=reverse("appointments:book"), icon="calendar"))
    if wishing.clinics(eyes):
        found.append(Action(label=_("Spør om en time selv"), url=reverse("appointments:wish"), icon="person"))
    found.append(Action(label=_("Timer i egen kalender"), url=reverse("appointments:feeds"), icon="mobile-small"))
    return found


def next_card(eyes: Eyes) -> Row | None:
    """The appointment that comes first, for the front page."""
    found = on_screen.next_one(eyes)
    return presenters.row(found, asked.about(eyes, [found.id])[found.id]) if found is not None else None
