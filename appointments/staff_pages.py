"""Registers what appointments show on staff's shared pages: the menu line with its badge, and the items of access."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments import access_items
from appointments.queries import for_staff
from appointments.staff_desk import patients_of
from portal.people.models import Role
from portal.people.viewer import Viewer as Staff
from portal.ui import navigation
from portal.ui.navigation import NavItem
from portal.ui.viewer import Viewer


def _waiting(viewer: Viewer) -> int:
    return for_staff.request_count(patients_of(viewer)) if isinstance(viewer, Staff) else 0


def register() -> None:
    """Put the clinic's book on the staff's menu, and appointments among what codes are set on."""
    navigation.register(
        NavItem(  # noqa: S604  # "shell" names the page's frame, nothing that is run
            key="appointments-clinic",
            label=_("Timer"),
            url_name="clinic:book",
            icon="calendar",
            badge=_waiting,
            badge_words=lambda count: (
                ngettext("%(count)s ønske venter", "%(count)s ønsker venter", count) % {"count": count}
            ),
            shell="staff",
            roles=frozenset({Role.CLERK, Role.CLINICIAN}),
            order=15,
        )
    )
    access_items.register()
