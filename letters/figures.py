"""What letters tell operators: how many stand where, what happened, and whether they agree with the printer."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from letters.models import Notice
from letters.queries import for_access, for_operators
from letters.queries.for_operators import Counted
from letters.states import DigitalEvent, NoticeEvent, Postal, PostalEvent, Stage
from portal.kernel import clock
from portal.ui import figures
from portal.ui.figures import (
    Comparison,
    ExpectedJob,
    NoticeFigures,
    ServiceFigures,
    Source,
    Standing,
    Stream,
    Text,
    Whereabouts,
)
from youth_access.codes import KNOWN

SERVICE: Final = "letters"
DAY: Final = timedelta(days=1)

_BEFORE_SENDING: Final[Mapping[str, Text]] = {
    Stage.RECEIVED: _("Tatt imot, PDF-en lages"),
    Stage.RENDERED: _("PDF-en er laget, veien velges"),
    "scheduled": _("Skal ikke sendes før en avtalt dag"),
    Stage.STUCK: _("Stoppet før utsending"),
}
_IN_MOTION: Final[Mapping[str, Text]] = {
    Postal.DUE: _("Forfalt til posten, mottakeren sjekkes"),
    Postal.READY: _("Klare for trykkeriet"),
    Postal.SUBMITTING: _("Overleveres til trykkeriet nå"),
    Postal.UNKNOWN: _("Overlevert, men utfallet er ukjent"),
    Postal.ACCEPTED: _("Hos trykkeriet, ikke kvittert postlagt"),
    Postal.CANCEL_ASKED: _("Trykkeriet er bedt om å stoppe"),
    Postal.HELD: _("Holdt til en person har bestemt"),
}
_STREAMS: Final[Mapping[str, Text]] = {
    "received": _("Tatt imot"),
    f"digital.{DigitalEvent.OPEN}": _("Åpnet"),
    f"postal.{PostalEvent.POST}": _("Postlagt"),
    f"postal.{PostalEvent.CANCEL}": _("Papir stoppet i tide"),
    f"postal.{PostalEvent.RETURN}": _("Kommet i retur"),
    f"postal.{PostalEvent.REJECT}": _("Avvist av trykkeriet"),
    "withdrawn": _("Trukket tilbake av sykehuset"),
}
_NOTICE_KINDS: Final[Mapping[str, str]] = {
    f"notice.{NoticeEvent.SEND}": "sent",
    f"notice.{NoticeEvent.DELIVER}": "delivered",
    f"notice.{NoticeEvent.FAIL}": "failed",
    f"notice.{NoticeEvent.GO_SILENT}": "unconfirmed",
}
_CHANNELS: Final[Mapping[str, Text]] = {Notice.Channel.SMS: _("SMS"), Notice.Channel.EMAIL: _("E-post")}
_PLACES: Final[Mapping[str, Text]] = {
    "on_screen": _("På skjerm"),
    "on_paper_only": _("På papir"),
    "held": _("Holdt"),
    "withdrawn": _("Trukket"),
    "stuck": _("Stoppet"),
    "in_intake": _("Underveis"),
    "stopped": _("Avsluttet"),
    "nowhere": _("Uten vei"),
}
_ERRANDS: Final[Mapping[str, Text]] = {
    "letters.render": _("Lage PDF"),
    "letters.decide": _("Velge vei"),
    "letters.notify": _("Sende varsel"),
    "letters.look_again": _("Se på nytt om brevet kan vises"),
    "letters.prepare": _("Finne mottaker til papir"),
    "letters.hand_over": _("Overlevere til trykkeriet"),
    "letters.ask_cancel": _("Be trykkeriet stoppe"),
}


def register() -> None:
    """Let operators see letters."""
    figures.register(Source(service=SERVICE, collect=collect, jobs=_jobs, errands=_ERRANDS))


def collect(now: datetime, since: datetime) -> ServiceFigures:
    """Everything at this instant; the streams go back to `since`."""
    return ServiceFigures(
        standings=(*_before_sending(now), *_unopened(now), *_on_paper(), _tasks(), _unknown_codes()),
        streams=_streams(since),
        notices=_notices(now - DAY),
        comparison=_comparison(),
        places=_PLACES,
    )


def _jobs() -> tuple[ExpectedJob, ...]:
    sweep: timedelta = settings.SWEEP_EVERY
    return (
        ExpectedJob("letters.fallback", _("Lar uåpnede brev forfalle til posten"), sweep),
        ExpectedJob("letters.find_lost", _("Finner brev som har stoppet opp"), sweep * 5),
        ExpectedJob("letters.routes", _("Ser etter nye reservasjoner"), sweep * 5),
        ExpectedJob("letters.reports", _("Henter leveringsrapporter for varsler"), sweep * 5),
        ExpectedJob("letters.reconcile", _("Avstemmer med trykkeriet"), settings.RECONCILE_EVERY),
    )


def _standing(key: str, label: Text, counted: Counted, note: Text = "") -> Standing:
    return Standing(key=key, label=label, count=counted.count, oldest=counted.oldest, note=note)


def _before_sending(now: datetime) -> list[Standing]:
    found = for_operators.before_sending(now)
    return [_standing(key, label, found.get(key, Counted())) for key, label in _BEFORE_SENDING.items()]


def _unopened(now: datetime) -> list[Standing]:
    """On screen and unopened; of those, the ones with a limit, and the ones whose limit nobody acted on."""
    tolerance: timedelta = settings.SWEEP_EVERY
    found = for_operators.waiting(overdue_before=now - tolerance, soon=_end_of_tomorrow(now))
    overdue = Counted(found.overdue, found.soonest if found.overdue else None)
    return [
        _standing("unopened", _("På skjerm, ikke åpnet"), for_operators.unopened()),
        Standing(key="waiting", label=_("Venter på åpning, går ellers i posten"), count=found.count),
        Standing(key="due_soon", label=_("Går i posten i dag eller i morgen hvis de ikke åpnes"), count=found.due_soon),
        _standing("overdue", _("Fristen er ute, men ikke på vei til posten"), overdue),
    ]


def _end_of_tomorrow(now: datetime) -> datetime:
    local = now.astimezone(clock.OSLO)
    return datetime.combine(local.date() + 2 * DAY, time(), tzinfo=clock.OSLO)


def _on_paper() -> list[Standing]:
    found = for_operators.in_motion()
    return [_standing(key, label, found.get(key, Counted())) for key, label in _IN_MOTION.items()]


def _tasks() -> Standing:
    return _standing("tasks", _("Oppgaver hos merkantil"), for_operators.open_tasks())


def _unknown_codes() -> Standing:
    count = for_access.count_with_unknown_codes(KNOWN)
    return Standing(key="unknown_code", label=_("Skjult fordi vi ikke kjenner en sperrekode"), count=count)


def _streams(since: datetime) -> tuple[Stream, ...]:
    found = for_operators.happened_by_hour(list(_STREAMS), since)
    return tuple(Stream(kind, label, found[kind]) for kind, label in _STREAMS.items())


def _notices(since: datetime) -> tuple[NoticeFigures, ...]:
    found = for_operators.notices_by_channel(list(_NOTICE_KINDS), since)
    return tuple(
        NoticeFigures(
            channel=channel,
            label=label,
            **{outcome: found.get((channel, kind), 0) for kind, outcome in _NOTICE_KINDS.items()},
        )
        for channel, label in _CHANNELS.items()
    )


def _comparison() -> Comparison | None:
    row = for_operators.latest_reconciliation()
    if row is None:
        return None
    names = for_operators.type_names() if row.by_type else {}
    return Comparison(
        finished_at=row.finished_at,
        period_start=row.period_start,
        period_end=row.period_end,
        ours=row.ours,
        theirs=row.theirs,
        missing=len(row.missing),
        ghosts=len(row.ghosts),
        doubled=len(row.doubled),
        repaired=len(row.repaired),
        types=tuple(_type(code, names.get(code, code), counts) for code, counts in sorted(row.by_type.items())),
    )


def _type(code: str, name: str, counts: Mapping[str, int]) -> Whereabouts:
    return Whereabouts(code, name, counts["issued"], {place: counts.get(place, 0) for place in _PLACES})
