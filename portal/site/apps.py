"""Registers the pages that belong to no single service."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.ui.navigation import NavItem, register


class SiteConfig(AppConfig):
    """Front page, settings, what the portal is and how it treats people's data."""

    name = "portal.site"
    label = "site"

    def ready(self) -> None:
        """Put the front page first in the menu, the settings among the tiles, and operations on the staff's menu.

        Sign-ins go into the audit from the start.
        """
        import_module("portal.site.sign_in_audit").connect()
        register(NavItem(key="front", label=_("Forside"), url_name="site:front", icon="house", order=0))
        register(
            NavItem(
                key="access_log",
                label=_("Innsyn"),
                url_name="site:access_log",
                icon="eye",
                tile=_("Hvem har sett på opplysningene dine"),
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
                roles=frozenset({"operator"}),
                order=90,
            )
        )
