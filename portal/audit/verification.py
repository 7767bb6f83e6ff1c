"""Goes through the chain and every row, and names what was changed, cut or slipped in.

Nothing is locked. Each step begins at a place and can be left off at any: first the seals with the rows they name, then
the rows by their ids, which must stand in a seal or wait for one, and last the queue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from portal.audit import chain, fingerprints
from portal.audit.models import AuditRow, AuditSeal, Unsealed

Fault = Literal[
    "row_changed",
    "row_gone",
    "row_slipped_in",
    "row_unsealed",
    "seal_changed",
    "seal_gone",
    "anchor_gone",
    "note_changed",
]
BEFORE_ALL: Final = -(2**63)
"""Smaller than any row's id."""
_PIECE: Final = 10_000
_WINDOW: Final = 200_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with these rows, or with these seals. `seal` is the one the rows were sealed in, if any."""

    fault: Fault
    ids: tuple[int, ...]
    seal: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A seal that was gone through: its number and its digest. Before the first there is number 0."""

    number: int = 0
    digest: bytes = chain.BEGINNING

    def __str__(self) -> str:
        return f"{self.number}:{fingerprints.spelled(self.digest)}"


@dataclass
class Verdict:
    """What was gone through, and what was found. `anchor` is the last seal, to be kept outside the database."""

    findings: list[Finding] = field(default_factory=list)
    seals: int = 0
    sealed: int = 0
    waiting: int = 0
    anchor: Anchor = Anchor()


def verify(anchor: Anchor | None = None) -> Verdict:
    """Recompute everything. An anchor noted earlier shows whether the end of the chain was cut off since."""
    verdict = Verdict()
    for _seal in through_seals(verdict):
        pass
    for _row_id in through_rows(verdict, BEFORE_ALL):
        pass
    through_queue(verdict)
    if anchor is not None:
        verdict.findings += missing([anchor])
    return verdict


def through_seals(verdict: Verdict) -> Iterator[Anchor]:
    """Go through the seals after the verdict's anchor, and compare the rows of each; the anchor moves along."""
    for seal in _seals(verdict.anchor.number):
        number, previous = verdict.anchor.number, verdict.anchor.digest
        if seal.number > number + 1:
            verdict.findings.append(Finding("seal_gone", tuple(range(number + 1, seal.number))))
        elif bytes(seal.previous) != previous:
            verdict.findings.append(Finding("seal_changed", (seal.number,)))
        if not _is_whole(seal):
            verdict.findings.append(Finding("seal_changed", (seal.number,)))
        verdict.seals += 1
        _compare(verdict, seal)
        verdict.anchor = Anchor(seal.number, bytes(seal.digest))
        yield verdict.anchor


def _seals(last: int) -> Iterator[AuditSeal]:
    """One by one, so that however long the chain, only one link lies in memory."""
    while seal := AuditSeal.objects.filter(number__gt=last).order_by("number").first():
        yield seal
        last = seal.number


def _is_whole(seal: AuditSeal) -> bool:
    rows = bytes(seal.rows)
    ids = [row_id for row_id, _digest in fingerprints.unpacked(rows)]
    expected = fingerprints.of_seal(seal.number, seal.sealed_at, rows, bytes(seal.previous))
    told = (seal.count, seal.from_id, seal.to_id)
    return expected == bytes(seal.digest) and bool(ids) and told == (len(ids), ids[0], ids[-1])


def _compare(verdict: Verdict, seal: AuditSeal) -> None:
    sealed = dict(fingerprints.unpacked(bytes(seal.rows)))
    found = {row.pk: row for row in AuditRow.objects.filter(pk__in=list(sealed))}
    gone = sorted(sealed.keys() - found.keys())
    changed = sorted(pk for pk, row in found.items() if not (sealed[pk] == bytes(row.digest) == fingerprint_of(row)))
    verdict.sealed += len(sealed)
    _note(verdict, "row_gone", gone, seal.number)
    _note(verdict, "row_changed", changed, seal.number)


def fingerprint_of(row: AuditRow) -> bytes:
    """What the row's fingerprint should be, from what stands in it now; empty for what the portal never writes."""
    try:
        return fingerprints.of_row({name: getattr(row, name) for name in fingerprints.FIELDS})
    except TypeError:
        return b""


def through_rows(verdict: Verdict, after: int) -> Iterator[int]:
    """Go through the rows after an id: each stands in a seal, waits for one, or was slipped in.

    The ids are read before the queue and the queue before the seals, so that a row which is sealed meanwhile is seen
    in one of the two.
    """
    while ids := list(AuditRow.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_WINDOW]):
        low, after = ids[0], ids[-1]
        unknown = set(ids).difference(
            Unsealed.objects.filter(row_id__range=(low, after)).values_list("row_id", flat=True)
        )
        for rows in AuditSeal.objects.filter(from_id__lte=after, to_id__gte=low).values_list("rows", flat=True):
            unknown.difference_update(row_id for row_id, _digest in fingerprints.unpacked(bytes(rows)))
        _note_unsealed(verdict, sorted(unknown))
        yield after


def through_queue(verdict: Verdict) -> None:
    """Compare the rows that wait for their seal."""
    waiting = {row_id: bytes(digest) for row_id, digest in Unsealed.objects.values_list("row_id", "digest")}
    verdict.waiting = len(waiting)
    _compare_waiting(verdict, waiting)


def missing(anchors: Iterable[Anchor]) -> list[Finding]:
    """Which anchors of other days the chain no longer holds: its end was cut off, or it was made anew."""
    wanted = {(each.number, each.digest) for each in anchors if each.number}
    numbers = {number for number, _digest in wanted}
    present = AuditSeal.objects.filter(number__in=numbers).values_list("number", "digest")
    gone = wanted - {(number, bytes(digest)) for number, digest in present}
    return [Finding("anchor_gone", tuple(sorted({number for number, _digest in gone})))] if gone else []


def _note_unsealed(verdict: Verdict, ids: list[int]) -> None:
    """Rows in no seal: those the portal wrote have lost their seal or are copies, the others it never wrote."""
    genuine: set[int] = set()
    for some in _pieces(ids):
        rows = AuditRow.objects.filter(pk__in=some)
        genuine.update(row.pk for row in rows if bytes(row.digest) == fingerprint_of(row))
    _note(verdict, "row_unsealed", [each for each in ids if each in genuine])
    _note(verdict, "row_slipped_in", [each for each in ids if each not in genuine])


def _compare_waiting(verdict: Verdict, waiting: dict[int, bytes]) -> None:
    gone: list[int] = []
    changed: list[int] = []
    for ids in _pieces(sorted(waiting)):
        found = {row.pk: row for row in AuditRow.objects.filter(pk__in=ids)}
        gone += [each for each in ids if each not in found]
        changed += [pk for pk, row in found.items() if not (waiting[pk] == bytes(row.digest) == fingerprint_of(row))]
    _note(verdict, "row_gone", gone)
    _note(verdict, "row_changed", sorted(changed))


def _pieces(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))


def _note(verdict: Verdict, fault: Fault, ids: list[int], seal: int | None = None) -> None:
    if ids:
        verdict.findings.append(Finding(fault, tuple(ids), seal))
