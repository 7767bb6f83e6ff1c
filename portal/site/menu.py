"""The menu lines that belong to no single service."""

from django.utils.translation import gettext_lazy as _

from portal.people.models import Role
from portal.ui.navigation import NavItem, register
from youth_access.eyes import Eyes
from youth_access.facts import Service


def _log_is_open(looker: object) -> bool:
    """Whoever acts for somebody whose log the rules keep from them is not led to it."""
    return not isinstance(looker, Eyes) or looker.decide(Service.LOG).see


def register_all() -> None:
    """Put the front page first in the menu, the settings among the tiles, and operations on the staff's menu."""
    register(NavItem(key="front", label=_("Forside"), url_name="site:front", icon="house", order=0))
    register(
        NavItem(
            key="access_log",
            label=_("Innsyn"),
            url_name="site:access_log",
            icon="eye",
            tile=_("Hvem har sett på opplysningene"),
            open_to=_log_is_open,
            order=80,
        )
    )
    register(
        NavItem(
            key="settings",
            label=_("Innstillinger"),
            url_name="site:settings",
            icon="cog",
            tile=_("Språk og varsling"),
            in_menu=False,
            order=900,
        )
    )
    register(
        NavItem(  # noqa: S604 - the shell of pages, not of a computer
            key="operations",
            label=_("Drift"),
            url_name="operations:overview",
            icon="line-graph",
            shell="staff",
            roles=frozenset({Role.OPERATOR}),
            order=90,
        )
    )
