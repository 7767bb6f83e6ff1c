"""Registers what appointments show on pages shared by all services."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments import figures, presenters, presenters_list, staff_pages
from appointments.queries import on_screen
from portal.ui import front, navigation, waiting
from portal.ui.cards import TaskCard
from portal.ui.front import FrontCard
from portal.ui.navigation import NavItem
from youth_access.acting_choices import at_best
from youth_access.eyes import Eyes
from youth_access.facts import Service

_TASKS_ON_FRONT_PAGE = 25


def _eyes(looker: object) -> Eyes | None:
    """Whoever looks without eyes, sees nothing."""
    return looker if isinstance(looker, Eyes) else None


def _is_open(looker: object) -> bool:
    """Whoever acts for somebody whose appointments the rules keep from them is not led to them."""
    eyes = _eyes(looker)
    return eyes is None or at_best(eyes, Service.APPOINTMENT).see


def _unconfirmed(looker: object) -> int:
    eyes = _eyes(looker)
    return on_screen.unconfirmed_count(eyes) if eyes else 0


def _waiting(looker: object) -> list[TaskCard]:
    """Appointments to confirm, and what is to be done before those that come."""
    eyes = _eyes(looker)
    if eyes is None:
        return []
    confirm = [presenters.confirm_card(each) for each in on_screen.unconfirmed(eyes)]
    tasks = on_screen.open_tasks(eyes, _TASKS_ON_FRONT_PAGE)
    return confirm + [presenters.task_card(each) for each in tasks]


def _next(looker: object) -> FrontCard | None:
    eyes = _eyes(looker)
    card = presenters_list.next_card(eyes) if eyes else None
    return FrontCard("appointments/front_card.html", card, "css/appointments.css") if card is not None else None


def register() -> None:
    """Put appointments on the menu and on the front page."""
    navigation.register(
        NavItem(
            key="appointments",
            label=_("Timer"),
            url_name="appointments:list",
            icon="calendar",
            open_to=_is_open,
            badge=_unconfirmed,
            badge_words=lambda count: (
                ngettext("%(count)s å bekrefte", "%(count)s å bekrefte", count) % {"count": count}
            ),
            tile=_("Se, endre eller avlys"),
            order=20,
        )
    )
    waiting.register("appointments", _waiting)
    front.register("appointments", _next)
    figures.register()
    staff_pages.register()
