"""What the words in the table's "when" column mean. Each is a pure question about one case.

The words are written so that a lawyer can read the row aloud; the functions say exactly what they stand for.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from youth_access.ages import OSLO, Band, band, turns
from youth_access.case import Case
from youth_access.codes import KNOWN, WITHHELD, Code
from youth_access.facts import Assurance, Outcome, Wish

Condition = Callable[[Case], bool]
REGISTER_LASTS: Final = timedelta(hours=24)
CONDITIONS: Final[dict[str, Condition]] = {}


def _condition(ask: Condition) -> Condition:
    CONDITIONS[ask.__name__] = ask
    return ask


@_condition
def always(case: Case) -> bool:
    """No further condition."""
    return True


@_condition
def no_parent_at_any_home(case: Case) -> bool:
    """No parent is registered at the child's address (the rule of code set 7611), nor at its second home."""
    return not (case.relation.parent_at_home or case.relation.parent_at_second_home)


@_condition
def parent_at_second_home_only(case: Case) -> bool:
    """A parent is registered at the child's second home (delt bosted), and none at its registered address."""
    return case.relation.parent_at_second_home and not case.relation.parent_at_home


@_condition
def outside_period(case: Case) -> bool:
    """What ties them together has ended, or not yet begun."""
    return not case.relation.period.covers(case.instant)


@_condition
def protected_on_either_side(case: Case) -> bool:
    """The patient or the one who acts has a protected address (code 6 or 7)."""
    return case.actor.protected or case.patient.protected


@_condition
def blocked_locally(case: Case) -> bool:
    """Staff have set "no digital parental access", or the parent is barred from representing this child."""
    return case.relation.blocked


@_condition
def register_too_old(case: Case) -> bool:
    """The population register has not answered about child and parent in the last 24 hours."""
    seen = case.relation.register_seen_at
    return seen is None or case.instant - seen > REGISTER_LASTS


@_condition
def assurance_below_high(case: Case) -> bool:
    """Signed in at a level below high."""
    return case.assurance != Assurance.HIGH


@_condition
def patient_dead(case: Case) -> bool:
    """The register says that the patient is dead."""
    return case.patient.dead


@_condition
def code_parents_denied(case: Case) -> bool:
    """The item carries NORN_FORANS."""
    return Code.PARENTS_DENIED in case.item.codes


@_condition
def code_youth_denied_or_ref_youth_denied(case: Case) -> bool:
    """The item carries NORN_UNGDOM, or one of its referrals denies the youth."""
    return Code.YOUTH_DENIED in case.item.codes or any(Outcome.YOUTH_DENIED in now for now in case.outcomes)


@_condition
def wish_respected(case: Case) -> bool:
    """A clinician has recorded that the child's wish to keep parents out is respected."""
    return case.wishes.parents_kept_out == Wish.RESPECTED


@_condition
def wish_pending(case: Case) -> bool:
    """The child has asked, and no clinician has answered yet; after ten days the question is escalated."""
    return case.wishes.parents_kept_out == Wish.PENDING


@_condition
def ref_parents_denied(case: Case) -> bool:
    """One of the item's referrals denies the parents now."""
    return any(Outcome.PARENTS_DENIED in now for now in case.outcomes)


def _written_before_12(case: Case) -> bool:
    written = case.item.written_at
    if written is None or case.born is None:
        return False
    return written.astimezone(OSLO).date() < turns(case.born, 12, gains=False)


def _not_assessed(case: Case) -> bool:
    return not case.outcomes or any(not now for now in case.outcomes)


@_condition
def not_assessed(case: Case) -> bool:
    """The item belongs to no referral, or to one that nobody has assessed for this instant."""
    return _not_assessed(case)


@_condition
def not_assessed_from_12(case: Case) -> bool:
    """Not assessed, and not known to be written before the child turned 12."""
    return _not_assessed(case) and not _written_before_12(case)


@_condition
def not_assessed_before_12(case: Case) -> bool:
    """Not assessed, and written before the child turned 12."""
    return _not_assessed(case) and _written_before_12(case)


def _assessed(case: Case, *outcomes: Outcome) -> bool:
    """Every referral has been assessed, and with nothing but these outcomes."""
    return bool(case.outcomes) and all(now and now.issubset(outcomes) for now in case.outcomes)


def _nothing_against_parents(case: Case) -> bool:
    return case.item.codes <= {Code.OPEN, Code.YOUTH_DENIED}


@_condition
def open_to_youth(case: Case) -> bool:
    """Every referral the item belongs to is assessed as open."""
    return _assessed(case, Outcome.OPEN)


@_condition
def open_or_to_youth(case: Case) -> bool:
    """Every referral is assessed as open, or the thread or form is directed to the youth."""
    return _assessed(case, Outcome.OPEN) or case.item.to_youth


@_condition
def open_besides_parents(case: Case) -> bool:
    """Every referral is assessed, as open or as denied to the parents."""
    return _assessed(case, Outcome.OPEN, Outcome.PARENTS_DENIED)


@_condition
def open_to_parents(case: Case) -> bool:
    """Every referral is assessed as open, and no code but N or one that concerns the youth alone is set."""
    return _assessed(case, Outcome.OPEN) and _nothing_against_parents(case)


@_condition
def open_to_parents_besides_youth(case: Case) -> bool:
    """As above, where referrals may also be denied to the youth."""
    return _assessed(case, Outcome.OPEN, Outcome.YOUTH_DENIED) and _nothing_against_parents(case)


def _open_where_assessed(case: Case) -> bool:
    return all(now <= {Outcome.OPEN} for now in case.outcomes)


@_condition
def open_where_assessed(case: Case) -> bool:
    """No referral of the item is assessed as anything but open."""
    return _open_where_assessed(case)


@_condition
def open_to_parents_where_assessed(case: Case) -> bool:
    """The same, and no code but N or one that concerns the youth alone is set."""
    return _open_where_assessed(case) and _nothing_against_parents(case)


@_condition
def confidential_without_explicit_open(case: Case) -> bool:
    """The unit or the type is on the confidential list, and no clinician has set N on the item."""
    return case.item.confidential and Code.OPEN not in case.item.codes


@_condition
def youths_own_thread(case: Case) -> bool:
    """The youth opened the thread, or it is directed to the youth."""
    return case.item.by_youth or case.item.to_youth


@_condition
def a_parents_thread(case: Case) -> bool:
    """A parent or guardian opened the thread, and not the one who asks."""
    return case.item.by_parent and not case.item.mine


@_condition
def own_thread(case: Case) -> bool:
    """The one who asks opened the thread."""
    return case.item.mine


@_condition
def no_youth_consent_and_not_to_youth(case: Case) -> bool:
    """No parent's consent to the youth's own access stands, and the item is not directed to the youth."""
    return not case.patient.youth_consent and not case.item.to_youth


@_condition
def consent_of_one_only_and_not_to_youth(case: Case) -> bool:
    """Not every parent has consented, and the item is not directed to the youth."""
    return not case.patient.youth_consent_of_all and not case.item.to_youth


@_condition
def code_withheld(case: Case) -> bool:
    """The item carries a code that withholds it from the patient and all who represent the patient."""
    return not WITHHELD.isdisjoint(case.item.codes)


@_condition
def delayed(case: Case) -> bool:
    """NORU: withheld until a set time, or without any time."""
    until = case.item.visible_from
    if until is not None:
        return case.instant < until
    return Code.DELAYED in case.item.codes


@_condition
def code_own_wish(case: Case) -> bool:
    """NORN_EPO: the patient does not want it shown electronically; only the patient undoes that."""
    return Code.OWN_WISH in case.item.codes


@_condition
def unsigned(case: Case) -> bool:
    """Not yet signed or approved."""
    return not case.item.signed


@_condition
def code_unknown(case: Case) -> bool:
    """The item carries a code we do not know."""
    return not case.item.codes <= KNOWN


@_condition
def receiver_under_18(case: Case) -> bool:
    """The one who received the power of attorney is, or may be, under 18."""
    birth = case.actor.birth
    return birth is None or any(band(day, case.instant, gains=True) != Band.ADULT for day in birth.possible_days)


@_condition
def outside_area(case: Case) -> bool:
    """The service lies outside what was granted."""
    return case.service not in case.relation.areas


@_condition
def no_personal_mandate(case: Case) -> bool:
    """The guardian's mandate does not cover personal interests."""
    return not case.relation.personal_mandate


@_condition
def for_lone_asylum_child(case: Case) -> bool:
    """The guardian was appointed for a child who came to Norway alone."""
    return case.relation.for_lone_asylum_child


@_condition
def not_blocked_for_actor(case: Case) -> bool:
    """The patient has not blocked this clinician, and the item is not blocked for health personnel (NORS)."""
    return not case.item.blocked_for_actor and Code.STAFF_BLOCKED not in case.item.codes
