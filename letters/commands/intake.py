"""Taking a letter from a hospital's system, once."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from letters.commands import history, withdrawal
from letters.commands.access_facts import ask_about_unknown_codes
from letters.models import Document, Letter, LetterSource, LetterType
from letters.orders import LetterOrder
from letters.queries.for_sender import order_place
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.outbox import commands as outbox
from portal.people import sealing
from portal.people.commands import register_person
from portal.people.models import Person, Unit
from youth_access.commands.named_referrals import ReferralOfAnother, known_referrals

__all__ = ["KeyReused", "ReferralOfAnother", "UnknownLetterType", "UnknownReplaced", "UnknownUnit", "receive"]


class KeyReused(FinalError):
    """The sender has used this key before, for another letter."""


class UnknownUnit(FinalError):
    """No active unit has this RESH number."""


class UnknownLetterType(FinalError):
    """There is no active letter type with this code."""


class UnknownReplaced(FinalError):
    """The letter to be replaced is not this sender's letter to this patient."""


@dataclass(frozen=True, slots=True)
class Reception:
    """Which letter an order became; `created` is False for a repeat of an order received before."""

    letter_id: UUID
    created: bool


@transaction.atomic
def receive(*, order: LetterOrder, by: Actor) -> Reception:
    """Take an order: the same key with the same words is the same letter.

    Raises KeyReused, UnknownUnit, UnknownLetterType, UnknownReplaced, ReferralOfAnother.
    """
    seen = _seen_before(order)
    if seen is not None:
        return seen
    unit = Unit.objects.filter(resh=order.unit_resh, active=True).first()
    if unit is None:
        raise UnknownUnit("unknown-unit")
    letter_type = LetterType.objects.filter(code=order.type_code, active=True).first()
    if letter_type is None:
        raise UnknownLetterType("unknown-letter-type")
    person = register_person(pid=order.patient_pid)
    replaced = _replaced(order, person, by)
    named = known_referrals(source=order.source, names=order.referrals, person=person, unit=unit, by=by)
    referral_ids = [*named, *order.referral_ids]
    row = _letter(order, person, unit, letter_type, replaced, referral_ids)
    Letter.objects.bulk_create([row], ignore_conflicts=True)
    overtaken = None if _stored(row) else _seen_before(order)
    if overtaken is not None:
        return overtaken
    _store_parts(row, order)
    history.note(row, "received", by=by, cause=order.type_code)
    ask_about_unknown_codes(row)
    if replaced is not None:
        withdrawal.withdraw(letter_id=replaced.id, by=by, reason="superseded")
    outbox.put("letters.render", row.id, needed_by=order.must_arrive_by)
    return Reception(row.id, created=True)


def _seen_before(order: LetterOrder) -> Reception | None:
    source = (
        LetterSource.objects.filter(letter__source=order.source, letter__source_key=order.key)
        .values_list("letter_id", "fingerprint")
        .first()
    )
    if source is None:
        return None
    if source[1] != order.fingerprint:
        raise KeyReused("key-reused")
    return Reception(source[0], created=False)


def _replaced(order: LetterOrder, person: Person, by: Actor) -> Letter | None:
    """The letter to be replaced: a sender's own, or any of the patient's where the portal itself writes."""
    if order.replaces is None:
        return None
    letters = Letter.objects.filter(pk=order.replaces, person=person)
    found = (letters if by.kind == "system" else letters.filter(source=order.source)).first()
    if found is None:
        raise UnknownReplaced("unknown-replaced")
    return found


def _letter(
    order: LetterOrder,
    person: Person,
    unit: Unit,
    letter_type: LetterType,
    replaced: Letter | None,
    referral_ids: list[UUID],
) -> Letter:
    return Letter(
        person=person,
        type=letter_type,
        unit=unit,
        source=order.source,
        source_key=order.key,
        title=order.title,
        language=order.language,
        body_html=order.body_html,
        security_codes=list(order.security_codes),
        referral_ids=referral_ids,
        withheld_until=order.withheld_until,
        look_again_at=order.withheld_until,
        visible_from=order.visible_from,
        must_arrive_by=order.must_arrive_by,
        replaces=replaced,
        received_at=clock.now(),
    )


def _stored(row: Letter) -> bool:
    """Whether it was this row, and not one of a simultaneous repeat, that took the key."""
    return Letter.objects.filter(pk=row.pk).exists()


def _store_parts(letter: Letter, order: LetterOrder) -> None:
    LetterSource.objects.create(
        letter=letter,
        raw_sealed=sealing.seal(order.raw.decode(), order_place(letter.id)),
        fingerprint=order.fingerprint,
        identifiers=list(order.identifiers),
    )
    Document.objects.bulk_create(
        Document(
            letter=letter,
            kind=Document.Kind.ENCLOSURE,
            number=number,
            title=enclosure.title,
            data=enclosure.data,
            sha256=enclosure.sha256,
            pages=enclosure.pages,
        )
        for number, enclosure in enumerate(order.enclosures, start=1)
    )
