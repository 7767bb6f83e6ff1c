"""What the page for cancelling offers: the form where there is time left, the telephone where there is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from appointments import presenters
from appointments.cards import Row
from appointments.codes import Flag
from appointments.commands.cancelling import REASONS
from appointments.inputs import CancelForm
from appointments.models import Appointment, Clinic
from appointments.policy import free_cancelling_until, of_unit
from appointments.queries import asked, on_screen
from appointments.queries.allowed import Deed, deeds
from portal.kernel import clock
from portal.ui.cards import Text
from youth_access.eyes import Eyes


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether the appointment may be cancelled here, and those of its parts that may be cancelled with it."""

    open: bool
    in_time: bool
    clinic: Clinic
    parts: tuple[Appointment, ...]
    by_phone: tuple[Appointment, ...]
    with_comment: bool

    def fill(self, form: CancelForm) -> CancelForm:
        """The form with what may be chosen."""
        return form.offer(
            reasons=[(key, reason.words) for key, reason in REASONS.items()],
            parts=[(part.id, part_words(part)) for part in self.parts],
            with_comment=self.with_comment,
        )


@dataclass(frozen=True, kw_only=True)
class CancelPage:
    """The page's words around the form."""

    row: Row
    in_time: bool
    fee_text: Text
    late_text: Text
    by_phone: list[Row]
    phone: str
    phone_link: str
    unit: Text
    back_url: str


def offer_of(eyes: Eyes, appointment: Appointment) -> Offer:
    """What these eyes may cancel. A fixed number of queries however many parts there are."""
    parts = on_screen.parts_to_cancel(eyes, appointment)
    known = asked.about(eyes, [appointment.id, *(part.id for part in parts)])
    now = clock.now()

    def is_open(one: Appointment) -> bool:
        return Deed.CANCEL in deeds(one, on_screen.decision(eyes, one), now, known[one.id])

    clinics = _clinics([appointment, *parts])
    may = [part for part in parts if is_open(part) and _in_time(part, clinics[part.unit_id])]
    return Offer(
        open=is_open(appointment),
        in_time=_in_time(appointment, clinics[appointment.unit_id]),
        clinic=clinics[appointment.unit_id],
        parts=tuple(may),
        by_phone=tuple(part for part in parts if part not in may),
        with_comment=all(Flag.CANCEL_WITH_COMMENT in one.flags for one in (appointment, *may)),
    )


def _clinics(appointments: Sequence[Appointment]) -> dict[str, Clinic]:
    """The clinics of a bundle: one or two of them."""
    return {unit_id: of_unit(unit_id) for unit_id in {one.unit_id for one in appointments}}


def _in_time(appointment: Appointment, clinic: Clinic) -> bool:
    return appointment.start is not None and clock.now() <= free_cancelling_until(clinic, appointment.start)


def part_words(part: Appointment) -> str:
    """One part in a question about it."""
    start = part.start
    return f"{presenters.title_of(part)}, {presenters.moment_words(start)}" if start else presenters.title_of(part)


def cancel_page(appointment: Appointment, offer: Offer) -> CancelPage:
    """The words around the form."""
    row = presenters.row(appointment)
    return CancelPage(
        row=row,
        in_time=offer.in_time,
        fee_text=presenters.fee_words(offer.clinic),
        late_text=_("Det er for sent å avlyse her. Ring avdelingen så snart du kan. %(fee)s")
        % {"fee": presenters.missed_words(offer.clinic)},
        by_phone=[presenters.row(part) for part in offer.by_phone],
        phone=appointment.unit.phone,
        phone_link=presenters.phone_link(appointment.unit.phone),
        unit=presenters.unit_words(appointment),
        back_url=row.url,
    )
