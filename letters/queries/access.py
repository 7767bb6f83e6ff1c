"""What the rules of access ask about a letter, and what they answer for its way by post."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from letters.addressing import Access
from letters.models import Letter
from youth_access.ages import GROWN, Band
from youth_access.circumstances import ItemFacts
from youth_access.codes import KNOWN, WITHHELD, Code
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.readers import Reader, reader, readers_of, shuts_parents_out

COLUMNS: Final = ("security_codes", "withheld_until", "referral_ids", "unit_id", "received_at")
"""The columns the rules depend on, in the order `item_facts` takes them: the first two for patients of any age."""

USUAL: Final[tuple[tuple[list[str], None], ...]] = (([], None), ([Code.OPEN.value], None))
"""What most letters have in the first two of them: no code or N, and no time before which nobody sees them."""

REGISTER_SILENT: Final = "register_unavailable"
"""The reason of a decision that may be another as soon as the population register answers."""


def columns_for(eyes: Eyes) -> tuple[str, ...]:
    """Those that matter for this patient: referral and unit below 16, when a letter was written at 12 to 15 alone.

    No two letters were written at the same time, and a list filter is the dearer the more the letters differ.
    """
    if eyes.age_band in GROWN:
        return COLUMNS[:2]
    return COLUMNS[:-1] if eyes.age_band == Band.CHILD else COLUMNS


def item_facts(
    codes: Iterable[str],
    withheld_until: datetime | None,
    referral_ids: Iterable[UUID] = (),
    unit_id: str = "",
    written_at: datetime | None = None,
) -> ItemFacts:
    """One letter as the rules are asked about it."""
    return ItemFacts(tuple(codes), tuple(referral_ids), unit_id, withheld_until, written_at)


def facts_of(letter: Letter) -> ItemFacts:
    """The same for a row."""
    return item_facts(
        letter.security_codes, letter.withheld_until, letter.referral_ids, letter.unit_id, letter.received_at
    )


def readers_of_letter(letter: Letter, instant: datetime) -> list[Reader]:
    """The patient and everyone tied to the patient, with what the rules say of this letter now."""
    return readers_of(letter.person_id, Service.LETTER, facts_of(letter), instant)


def reader_of_letter(letter: Letter, person_id: UUID, instant: datetime) -> Reader:
    """One person and this letter now."""
    return reader(person_id, letter.person_id, Service.LETTER, facts_of(letter), instant)


def parents_denied(letter: Letter, instant: datetime) -> str:
    """The rule that keeps parents from this letter now; empty where none does."""
    return shuts_parents_out(letter.person_id, Service.LETTER, facts_of(letter), instant)


def is_delayed(letter: Letter, instant: datetime) -> bool:
    """Whether the letter is withheld until a time that has not come."""
    return letter.withheld_until is not None and instant < letter.withheld_until


def access_of(letter: Letter, instant: datetime) -> Access:
    """What the rules say of sending the letter on paper now."""
    codes = set(letter.security_codes)
    until_a_time = Code.DELAYED in codes and letter.withheld_until is None
    withheld = not WITHHELD.isdisjoint(codes) or until_a_time or is_delayed(letter, instant)
    if not codes <= KNOWN:
        return Access(withheld="unknown_code")
    return Access(withheld="withheld" if withheld else "", parents_denied=parents_denied(letter, instant))
