"""Registers what letters show on pages shared by all services: the menu line and what waits on the front page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letters import access_items, figures, presenters
from letters.queries import for_staff, on_screen
from portal.people.models import Role
from portal.ui import navigation, waiting
from portal.ui.cards import TaskCard
from portal.ui.navigation import NavItem
from youth_access.eyes import Eyes

_ON_FRONT_PAGE = 25


def _waiting_letters(looker: object) -> list[TaskCard]:
    eyes = _eyes(looker)
    return [presenters.task_card(letter) for letter in on_screen.waiting(eyes, _ON_FRONT_PAGE)] if eyes else []


def _unread(looker: object) -> int:
    eyes = _eyes(looker)
    return on_screen.unread_count(eyes) if eyes else 0


def _eyes(looker: object) -> Eyes | None:
    """Whoever looks without eyes, sees nothing."""
    return looker if isinstance(looker, Eyes) else None


def register() -> None:
    """Put letters on the menu and on the front page."""
    navigation.register(
        NavItem(
            key="letters",
            label=_("Brev"),
            url_name="letters:inbox",
            icon="envelope-closed",
            badge=_unread,
            badge_words=lambda count: ngettext("%(count)s ulest", "%(count)s uleste", count) % {"count": count},
            tile=_("Brev fra sykehuset"),
            order=10,
        )
    )
    navigation.register(
        NavItem(  # noqa: S604  # "shell" names the page's frame, nothing that is run
            key="letters-clerk",
            label=_("Brev og post"),
            url_name="clerk:queue",
            icon="tasklist",
            badge=lambda viewer: for_staff.waiting_count(viewer.person_id),
            badge_words=lambda count: ngettext("%(count)s oppgave", "%(count)s oppgaver", count) % {"count": count},
            shell="staff",
            roles=frozenset({Role.CLERK}),
            order=10,
        )
    )
    waiting.register("letters", _waiting_letters)
    figures.register()
    access_items.register()
