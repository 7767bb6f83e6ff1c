"""What is looked for again and again: limits that ran out, ways that have closed, errands that got lost."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from letters.addressing import FIRST_OWN_AGE
from letters.commands import fallback, reconciliation
from letters.commands.reconciliation import Theirs
from letters.models import Letter, Posting
from letters.queries.access import REGISTER_SILENT, is_delayed, parents_denied, readers_of_letter
from letters.states import Digital, Postal, Stage
from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.print_provider.http import connect as printer
from portal.kernel import clock
from portal.kernel.actor import system
from portal.outbox import commands as outbox
from portal.outbox.models import Errand
from portal.people.contact_points import fresh_channels
from portal.people.models import Person
from portal.people.queries import is_active_user, pid_of
from youth_access.codes import Code

_WATCHER = system("letters.routes")
# A grown-up's letter with no other codes than these is always the patient's own to read.
_HIDE_NOTHING = [Code.OPEN.value, Code.STAFF_BLOCKED.value, Code.PARENTS_DENIED.value, Code.YOUTH_DENIED.value]
_LOST_AFTER = timedelta(minutes=10)
_STEP_OF_LETTER = {Stage.RECEIVED: "letters.render", Stage.RENDERED: "letters.decide"}
_STEP_OF_POSTING = {
    Postal.DUE: "letters.prepare",
    Postal.READY: "letters.hand_over",
    Postal.SUBMITTING: "letters.hand_over",
    Postal.UNKNOWN: "letters.hand_over",
    Postal.CANCEL_ASKED: "letters.ask_cancel",
}


def check_routes(limit: int = 2000) -> int:
    """Patients with unopened letters who have newly reserved, or can no longer be notified: paper now."""
    people = Person.objects.filter(
        Exists(Letter.objects.filter(person=OuterRef("pk"), digital=Digital.AVAILABLE, postings__state=Postal.WAITING))
    ).exclude(_young(""))
    return sum(_check_route(person) for person in people[:limit])


def check_readers(limit: int = 2000) -> int:
    """Unopened letters that nobody may read, or be told of, any more: paper now, or a person where it may not go home.

    Looks at the letters of patients under 16, and at those with a code that hides something. The deadline counts for
    those who may read: that somebody who may not has not read is no reason for paper. Nor is a register that has not
    answered for a day.
    """
    letters = (
        Letter.objects.filter(digital=Digital.AVAILABLE, postings__state=Postal.WAITING)
        .filter(_young("person__") | ~Q(security_codes__contained_by=_HIDE_NOTHING))
        .select_related("person")
        .order_by("available_at", "id")
    )
    return sum(_check_readers(letter) for letter in letters[:limit])


def check_held(limit: int = 2000) -> int:
    """Paper held because of the parents, where that has changed without the letter's doing: look at it again."""
    letters = Letter.objects.filter(
        stage=Stage.DECIDED, look_again_at=None, postings__state=Postal.HELD, postings__hold_reason="parents_denied"
    ).order_by("received_at", "id")
    now = clock.now()
    changed = [letter.pk for letter in letters[:limit] if not parents_denied(letter, now)]
    return Letter.objects.filter(pk__in=changed).update(look_again_at=now)


def _check_readers(letter: Letter) -> int:
    now = clock.now()
    if is_delayed(letter, now):
        return 0
    readers = readers_of_letter(letter, now)
    if any(each.decision.reason == REGISTER_SILENT for each in readers):
        return 0
    reading = [each.person for each in readers if each.decision.see and is_active_user(each.person, now)]
    if any(_can_be_told(person) for person in reading):
        return 0
    cause = "cannot-be-notified" if reading else "no-reader-left"
    return fallback.fall_due_now(letter_id=letter.id, by=_WATCHER, cause=cause)


def _can_be_told(person: Person) -> bool:
    return _reaches(contact().look_up(pid_of(person)))


def _reaches(preferences: ContactPreferences) -> bool:
    return not preferences.reserved and preferences.can_be_notified and bool(fresh_channels(preferences, clock.now()))


def _young(to_person: str) -> Q:
    """Under 16, give or take a day: the rules themselves are asked about each."""
    today = clock.today()
    born_after = today.replace(year=today.year - FIRST_OWN_AGE, day=1)
    year = Q(**{f"{to_person}birth_date__isnull": True, f"{to_person}birth_year__gte": today.year - FIRST_OWN_AGE})
    return Q(**{f"{to_person}birth_date__gte": born_after}) | year


def _check_route(person: Person) -> int:
    preferences = contact().look_up(pid_of(person))
    if _reaches(preferences):
        return 0
    waiting = Letter.objects.filter(
        person=person, digital=Digital.AVAILABLE, postings__state=Postal.WAITING
    ).select_related("type")
    moved = 0
    for letter in waiting:
        if preferences.reserved and letter.type.important:
            moved += fallback.make_obligatory(letter_id=letter.id, by=_WATCHER, cause="newly-reserved")
        elif not preferences.reserved:
            moved += fallback.fall_due_now(letter_id=letter.id, by=_WATCHER, cause="cannot-be-notified")
    return moved


def find_lost() -> int:
    """Rows that should be moving and have no errand waiting get one again."""
    before = clock.now() - _LOST_AFTER
    found = 0
    for stage, kind in _STEP_OF_LETTER.items():
        letters = Letter.objects.filter(stage=stage, received_at__lt=before, withdrawn_at__isnull=True)
        letters = letters.exclude(withheld_until__gt=clock.now())
        found += sum(_write_again(kind, letter) for letter in letters.filter(~_has_errand(kind))[:500])
    for state, kind in _STEP_OF_POSTING.items():
        postings = Posting.objects.filter(state=state, changed_at__lt=before)
        found += sum(_write_again(kind, posting) for posting in postings.filter(~_has_errand(kind))[:500])
    return found


def _has_errand(kind: str) -> Exists:
    unfinished = Errand.objects.filter(kind=kind, subject=OuterRef("pk")).exclude(state=Errand.State.DONE)
    return Exists(unfinished)


@transaction.atomic
def _write_again(kind: str, row: Letter | Posting) -> int:
    visible_from = row.visible_from if isinstance(row, Letter) else None
    outbox.put(kind, row.pk, step=f"again-{clock.now():%Y%m%d%H%M}", run_after=visible_from)
    return 1


def reconcile_with_printer() -> int:
    """Compare the last days' hand-overs with the printer's list of the same days."""
    end = clock.now()
    start = end - timedelta(days=settings.RECONCILE_DAYS)
    theirs = [
        Theirs(order.key, order.provider_id, order.sha256, order.copies)
        for order in printer().orders_received(start, end)
    ]
    result = reconciliation.reconcile(start=start, end=end, theirs=theirs)
    return result.theirs
