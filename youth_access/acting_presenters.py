"""The page on which one chooses whom to act for, as plain data."""

from dataclasses import dataclass
from typing import Final

from youth_access import acting_words as words
from youth_access.acting_choices import Choice, choices_of
from youth_access.ages import Band
from youth_access.eyes import Eyes
from youth_access.facts import Kind

REGISTER_AWAY: Final = "register_unavailable"


@dataclass(frozen=True)
class Row:
    """One person to choose. `reason` stands where the person is closed; `note` says what an open one gives.

    `again` says that asking the register once more may open the door.
    """

    person_id: str
    name: str
    capacity: str
    current: bool
    note: str = ""
    reason: str = ""
    again: bool = False


@dataclass(frozen=True)
class ChoicePage:
    """Oneself, those who are open, and those who are not."""

    own: Row
    open: list[Row]
    closed: list[Row]
    next_url: str


def choice_page(eyes: Eyes, next_url: str) -> ChoicePage:
    """The page for one viewer."""
    choices = choices_of(eyes.viewer, eyes.instant)
    own = Row(str(eyes.viewer.person_id), eyes.viewer.display_name, "", current=not eyes.acting_for_another)
    return ChoicePage(
        own=own,
        open=[_row(each, eyes) for each in choices if each.open],
        closed=[_row(each, eyes) for each in choices if not each.open],
        next_url=next_url,
    )


def _row(choice: Choice, eyes: Eyes) -> Row:
    partly = choice.kind in (Kind.PARENT, Kind.GUARDIAN) and choice.band in (Band.TWELVE, Band.YOUTH)
    return Row(
        person_id=str(choice.person_id),
        name=words.named(choice.name, choice.born),
        capacity=words.capacity_text(choice.kind),
        current=choice.open and eyes.acting_for_another and choice.person_id == eyes.patient_id,
        note=str(words.TWELVE_TO_FIFTEEN) if choice.open and partly else "",
        reason="" if choice.open else words.reason_text(choice.reason),
        again=choice.reason == REGISTER_AWAY,
    )
