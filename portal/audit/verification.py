"""Goes through the chain and every row, and names what was changed, cut or slipped in.

Nothing is locked: the seals present at the start are gone through first, and rows that stand in none of them must be
waiting for their seal, or have got it meanwhile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from portal.audit import chain, fingerprints
from portal.audit.models import AuditRow, AuditSeal, Unsealed

Fault = Literal["row_changed", "row_gone", "row_slipped_in", "row_unsealed", "seal_changed", "seal_gone", "anchor_gone"]
_PIECE: Final = 10_000
_PAGE: Final = 32_768


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with these rows, or with these seals. `seal` is the one the rows were sealed in, if any."""

    fault: Fault
    ids: tuple[int, ...]
    seal: int | None = None


@dataclass
class Verdict:
    """What was gone through, and what was found. `anchor` is the last seal, to be kept outside the database."""

    findings: list[Finding] = field(default_factory=list)
    seals: int = 0
    sealed: int = 0
    waiting: int = 0
    anchor: tuple[int, str] | None = None


def verify(anchor: tuple[int, str] | None = None) -> Verdict:
    """Recompute everything. An anchor noted earlier shows whether the end of the chain was cut off since."""
    verdict, known = Verdict(), _Ids()
    _go_through_seals(verdict, known)
    _go_through_the_rest(verdict, known)
    if anchor is not None and not _holds(anchor):
        verdict.findings.append(Finding("anchor_gone", (anchor[0],)))
    return verdict


class _Ids:
    """A set of row ids that takes one bit for each, in pages."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, row_id: int) -> None:
        page, place = divmod(row_id, _PAGE)
        self._pages.setdefault(page, bytearray(_PAGE // 8))[place // 8] |= 1 << place % 8

    def __contains__(self, row_id: int) -> bool:
        page, place = divmod(row_id, _PAGE)
        return page in self._pages and bool(self._pages[page][place // 8] >> place % 8 & 1)


def _go_through_seals(verdict: Verdict, known: _Ids) -> None:
    number, previous = 0, chain.BEGINNING
    for seal in _seals():
        if seal.number > number + 1:
            verdict.findings.append(Finding("seal_gone", tuple(range(number + 1, seal.number))))
        elif bytes(seal.previous) != previous:
            verdict.findings.append(Finding("seal_changed", (seal.number,)))
        if not _is_whole(seal):
            verdict.findings.append(Finding("seal_changed", (seal.number,)))
        number, previous = seal.number, bytes(seal.digest)
        verdict.seals += 1
        verdict.anchor = (number, fingerprints.spelled(previous))
        _compare(verdict, seal, known)


def _seals() -> Iterator[AuditSeal]:
    """One by one, so that however long the chain, only one link lies in memory."""
    last = 0
    while seal := AuditSeal.objects.filter(number__gt=last).order_by("number").first():
        yield seal
        last = seal.number


def _is_whole(seal: AuditSeal) -> bool:
    rows = bytes(seal.rows)
    ids = [row_id for row_id, _digest in fingerprints.unpacked(rows)]
    expected = fingerprints.of_seal(seal.number, seal.sealed_at, rows, bytes(seal.previous))
    told = (seal.count, seal.from_id, seal.to_id)
    return expected == bytes(seal.digest) and bool(ids) and told == (len(ids), ids[0], ids[-1])


def _compare(verdict: Verdict, seal: AuditSeal, known: _Ids) -> None:
    sealed = dict(fingerprints.unpacked(bytes(seal.rows)))
    found = {row.pk: row for row in AuditRow.objects.filter(pk__in=list(sealed))}
    gone = sorted(sealed.keys() - found.keys())
    changed = sorted(pk for pk, row in found.items() if not (sealed[pk] == bytes(row.digest) == fingerprint_of(row)))
    for row_id in sealed:
        known.add(row_id)
    verdict.sealed += len(sealed)
    _note(verdict, "row_gone", gone, seal.number)
    _note(verdict, "row_changed", changed, seal.number)


def fingerprint_of(row: AuditRow) -> bytes:
    """What the row's fingerprint should be, from what stands in it now; empty for what the portal never writes."""
    try:
        return fingerprints.of_row({name: getattr(row, name) for name in fingerprints.FIELDS})
    except TypeError:
        return b""


def _go_through_the_rest(verdict: Verdict, known: _Ids) -> None:
    """Rows that no seal named: they wait, are sealed by now, or were slipped in. The queue is read before new seals."""
    unknown = [row_id for row_id in _row_ids() if row_id not in known]
    waiting = {row_id: bytes(digest) for row_id, digest in Unsealed.objects.values_list("row_id", "digest")}
    since = verdict.anchor[0] if verdict.anchor else 0
    for rows in AuditSeal.objects.filter(number__gt=since).values_list("rows", flat=True):
        for row_id, _digest in fingerprints.unpacked(bytes(rows)):
            known.add(row_id)
    verdict.waiting = len(waiting)
    _note_unsealed(verdict, [each for each in unknown if each not in waiting and each not in known])
    _compare_waiting(verdict, waiting)


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


def _row_ids() -> Iterator[int]:
    last = -(2**63)
    while ids := list(AuditRow.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_PIECE]):
        yield from ids
        last = ids[-1]


def _pieces(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))


def _note(verdict: Verdict, fault: Fault, ids: list[int], seal: int | None = None) -> None:
    if ids:
        verdict.findings.append(Finding(fault, tuple(ids), seal))


def _holds(anchor: tuple[int, str]) -> bool:
    digests = AuditSeal.objects.filter(number=anchor[0]).values_list("digest", flat=True)
    return [fingerprints.spelled(bytes(each)) for each in digests] == [anchor[1]]
