"""Registers what access shows on staff's shared pages: menu lines, the periodic job, and whom the register tells of."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.kernel import clock
from portal.people import family_queries
from portal.people.models import Person, Role
from portal.people.viewer import Viewer as Staff
from portal.ui import figures, navigation
from portal.ui.figures import ExpectedJob, ServiceFigures, Source, Standing
from portal.ui.navigation import NavItem
from portal.ui.viewer import Viewer
from youth_access import staff_queries
from youth_access.commands import telling
from youth_access.models import AccessTask, Fullmakt, Referral

_GROWN_UP = timedelta(days=365 * 19)


def register() -> None:
    """Put access on the staff's menu and on the operators' page."""
    navigation.register(
        NavItem(  # noqa: S604  # "shell" names the page's frame, nothing that is run
            key="access-clinician",
            label=_("Tilgang"),
            url_name="access:landing",
            icon="person-group",
            badge=_waiting,
            badge_words=lambda count: ngettext("%(count)s oppgave", "%(count)s oppgaver", count) % {"count": count},
            shell="staff",
            roles=frozenset({Role.CLINICIAN}),
            order=20,
        )
    )
    navigation.register(
        NavItem(  # noqa: S604  # as above
            key="access-reviewer",
            label=_("Kontroll av tilgang"),
            url_name="access:reviews",
            icon="clipboard-checkmark",
            badge=lambda viewer: staff_queries.to_review_count(viewer.person_id),
            badge_words=lambda count: (
                ngettext("%(count)s til kontroll", "%(count)s til kontroll", count) % {"count": count}
            ),
            shell="staff",
            roles=frozenset({Role.REVIEWER}),
            order=21,
        )
    )
    navigation.register(
        NavItem(  # noqa: S604  # as above
            key="access-rules",
            label=_("Regler for tilgang"),
            url_name="access_rules:rules",
            icon="file-text",
            shell="staff",
            roles=frozenset({Role.CLINICIAN, Role.REVIEWER}),
            order=22,
        )
    )
    errands = {telling.ERRAND: _("Gi beskjed om at noe venter")}
    figures.register(Source(service="access", collect=_figures, jobs=_jobs, errands=errands))
    family_queries.also_keep_fresh("referrals", _children_with_referrals)
    family_queries.also_keep_fresh("fullmakt", _in_a_fullmakt)


def _waiting(viewer: Viewer) -> int:
    return staff_queries.own_task_count(viewer, clock.now()) if isinstance(viewer, Staff) else 0


def _jobs() -> tuple[ExpectedJob, ...]:
    return (ExpectedJob("access.tasks", _("Ser etter fødselsdager og ønsker som venter"), settings.SWEEP_EVERY * 5),)


def _figures(now: datetime, since: datetime) -> ServiceFigures:
    """How many tasks stand open, of each kind; an unknown code is an alarm."""
    rows = AccessTask.objects.filter(closed_at=None)
    standings = []
    for kind in AccessTask.Kind:
        found = rows.filter(kind=kind)
        oldest = found.order_by("opened_at").values_list("opened_at", flat=True).first()
        standings.append(Standing(key=f"task_{kind.value}", label=kind.label, count=found.count(), oldest=oldest))
    return ServiceFigures(standings=tuple(standings))


def _children_with_referrals() -> "QuerySet[Person, UUID]":
    """Children under treatment, and those of whom nobody has told us anything yet."""
    young = Q(birth_date__gt=clock.today() - _GROWN_UP) | Q(birth_date=None)
    referred = Referral.objects.filter(ended_at=None).values("patient")
    return Person.objects.filter(young, pk__in=referred).values_list("pk", flat=True)


def _in_a_fullmakt() -> "QuerySet[Person, UUID]":
    """Both sides of every fullmakt in force: a death or a protected address on either side ends what it opens."""
    now = clock.now()
    in_force = Fullmakt.objects.filter(revoked_at=None).filter(Q(ends_at=None) | Q(ends_at__gt=now))
    sides = Q(pk__in=in_force.values("giver")) | Q(pk__in=in_force.values("receiver"))
    return Person.objects.filter(sides).values_list("pk", flat=True)
