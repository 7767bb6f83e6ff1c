"""The daily verification: what is new each day, everything each week, in short pieces that go on where the last ended.

Each piece leaves a row that nobody may change. Killed in the middle, a piece is done again by the next process. What a
verification has seen is an anchor for the ones after it: an end of the chain that is cut off later is missed.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from portal.audit import fingerprints, verification
from portal.audit.models import Verification
from portal.audit.verification import Anchor, Finding, Verdict
from portal.kernel import clock

_LOG: Final = logging.getLogger(__name__)
EVERY: Final = timedelta(days=1)
WHOLE_EVERY: Final = timedelta(days=7)
PIECE: Final = timedelta(seconds=20)
"""How long one piece may take, so that other periodic jobs are not kept waiting."""
_IDS_TOLD: Final = 100
_SIGNED: Final = ("whole", "began_at", "at", "stage", "seal_number", "row_id", "seals", "rows", "findings")
Stage = Verification.Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """What operators are told. `faults` counts what was found since the last whole verification that ended began."""

    ended_at: datetime | None = None
    whole_ended_at: datetime | None = None
    rows: int = 0
    running: bool = False
    faults: tuple[tuple[str, int], ...] = ()


def standing() -> Standing:
    """When the audit was last verified, and what was found. Three short queries."""
    ended = Verification.objects.filter(stage=Stage.DONE)
    last = ended.order_by("-pk").first()
    whole = last if last is None or last.whole else ended.filter(whole=True).order_by("-pk").first()
    newest = Verification.objects.order_by("-pk")
    counting = newest.filter(began_at__gte=whole.began_at) if whole else newest
    rows = list(counting.values_list("stage", "findings"))
    return Standing(
        ended_at=last.at if last else None,
        whole_ended_at=whole.at if whole else None,
        rows=last.rows if last else 0,
        running=bool(rows) and rows[0][0] != Stage.DONE,
        faults=_counted(told for _stage, findings in rows for told in findings),
    )


def _counted(findings: Iterable[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    """How many ids under each fault; what two verifications found alike counts once."""
    once = {(told["fault"], told["seal"], tuple(told["ids"])): told["count"] for told in findings}
    counts: dict[str, int] = {}
    for (fault, _seal, _ids), count in once.items():
        counts[fault] = counts.get(fault, 0) + count
    return tuple(sorted(counts.items()))


def due() -> bool:
    """Whether a verification is to begin, or to go on."""
    last = _last()
    return last is None or last.stage != Stage.DONE or _is_urgent(last) or clock.real_now() - last.at >= EVERY


def go_on() -> int:
    """Do one piece. Says how many rows and seals were gone through."""
    last = _last()
    row = _next(last)
    verdict = Verdict(anchor=Anchor(row.seal_number, bytes(row.seal_digest)))
    if last is None or last.stage == Stage.DONE:
        verdict.findings += _lost_since(row, last)
    before = verdict.seals
    _walk(row, verdict, time.monotonic() + PIECE.total_seconds())
    return _keep(row, verdict) - before


def whole_at_once(anchor: Anchor | None = None) -> Verdict:
    """Verify everything in one go, however long it takes, and leave a row about it."""
    row = _begin(whole=True)
    verdict = Verdict()
    verdict.findings += _lost_since(row, None)
    _walk(row, verdict, float("inf"))
    verdict.findings += verification.missing([anchor] if anchor else [])
    _keep(row, verdict)
    return verdict


def _walk(row: Verification, verdict: Verdict, until: float) -> None:
    """Go as far as there is time for; `row` is told how far that was."""
    for stage, after, steps in (
        (Stage.SEALS, Stage.ROWS, lambda: verification.through_seals(verdict)),
        (Stage.ROWS, Stage.DONE, lambda: _rows(row, verdict)),
    ):
        if row.stage == stage:
            for _step in steps():
                if time.monotonic() >= until:
                    return
            row.stage = after
    verification.through_queue(verdict)


def _rows(row: Verification, verdict: Verdict) -> Iterator[int]:
    for reached in verification.through_rows(verdict, row.row_id):
        row.row_id = reached
        yield reached


def _last() -> Verification | None:
    """How far the last piece came; None where there was none, and where somebody has written on it."""
    last = Verification.objects.order_by("-pk").first()
    return last if last is not None and _is_genuine(last) else None


def _next(last: Verification | None) -> Verification:
    """What the next piece goes on from."""
    if last is None or (last.stage == Stage.DONE and _whole_is_due(last)):
        return _begin(whole=True)
    if last.stage == Stage.DONE:
        return _begin(whole=False, after=last)
    return _row(last, whole=last.whole, began_at=last.began_at, stage=last.stage, seals=last.seals, rows=last.rows)


def _begin(*, whole: bool, after: Verification | None = None) -> Verification:
    return _row(after, whole=whole, began_at=clock.real_now(), stage=Stage.SEALS, seals=0, rows=0)


def _row(last: Verification | None, **facts: Any) -> Verification:  # noqa: ANN401 - columns of any kind
    if last is None:
        start = Anchor()
        place = {"seal_number": start.number, "seal_digest": start.digest, "row_id": verification.BEFORE_ALL}
    else:
        place = {"seal_number": last.seal_number, "seal_digest": bytes(last.seal_digest), "row_id": last.row_id}
    return Verification(**place, **facts)


def _is_urgent(last: Verification) -> bool:
    """Something was found among what is new: everything is gone through at once."""
    return not last.whole and Verification.objects.filter(began_at=last.began_at).exclude(findings=[]).exists()


def _whole_is_due(last: Verification) -> bool:
    whole = Verification.objects.filter(stage=Stage.DONE, whole=True).order_by("-pk").first()
    return whole is None or clock.real_now() - whole.began_at >= WHOLE_EVERY or _is_urgent(last)


def _lost_since(row: Verification, last: Verification | None) -> list[Finding]:
    """What earlier verifications saw and the chain no longer holds: a whole one asks about all of them."""
    if not row.whole:
        return verification.missing([_anchor(last)] if last else [])
    ended = list(Verification.objects.exclude(stage=Stage.ROWS).order_by("pk"))
    changed = tuple(each.pk for each in ended if not _is_genuine(each))
    found = [Finding("note_changed", changed)] if changed else []
    return found + verification.missing(_anchor(each) for each in ended if _is_genuine(each))


def _anchor(row: Verification) -> Anchor:
    return Anchor(row.seal_number, bytes(row.seal_digest))


def _keep(row: Verification, verdict: Verdict) -> int:
    """Write how far it came, and tell the log, which is kept elsewhere."""
    row.seal_number, row.seal_digest = verdict.anchor.number, verdict.anchor.digest
    row.seals += verdict.seals
    row.rows += verdict.sealed
    row.at = clock.real_now()
    row.findings = [_told(each) for each in verdict.findings]
    row.digest = _digest(row)
    row.save(force_insert=True)
    for each in verdict.findings:
        _LOG.error("audit is not as it was written: %s %s", each.fault, list(each.ids[:_IDS_TOLD]))
    if row.stage == Stage.DONE:
        _LOG.info("audit verified, %s rows, anchor %s", row.rows, verdict.anchor)
    return verdict.seals + verdict.sealed


def _told(finding: Finding) -> dict[str, Any]:
    told = asdict(finding)
    return told | {"ids": list(finding.ids[:_IDS_TOLD]), "count": len(finding.ids)}


def _is_genuine(row: Verification) -> bool:
    return bytes(row.digest) == _digest(row)


def _digest(row: Verification) -> bytes:
    values = {name: getattr(row, name) for name in _SIGNED}
    return fingerprints.of_note(values | {"seal_digest": fingerprints.spelled(bytes(row.seal_digest))})
