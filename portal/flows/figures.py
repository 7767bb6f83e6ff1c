"""What the stories between services are called to operators, where an errand of theirs is late or was given up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.ui import figures
from portal.ui.figures import ServiceFigures, Source, Text

ERRANDS: Final[Mapping[str, Text]] = {
    "flows.rebooked": _("Skrive nytt brev om en flyttet time"),
    "flows.cancelled": _("Trekke tilbake brevet om en avlyst time"),
    "flows.untold": _("Skrive brev om en time ingen kunne varsles om"),
    "flows.died": _("Avlyse timene til en som er død"),
}


def connect() -> None:
    """Name the errands."""
    figures.register(Source(service="flows", collect=_nothing, errands=ERRANDS))


def _nothing(_now: datetime, _since: datetime) -> ServiceFigures:
    return ServiceFigures(standings=())
