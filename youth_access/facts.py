"""The facts an access decision depends on. Plain values: no clock, no database.

Whoever asks gathers them anew for each request; nothing here is kept in a session.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from youth_access.ages import Birth


class Kind(StrEnum):
    """What the one who asks is to the patient. FO, VE, FU and TD are the national code set 7611."""

    SELF = "self"
    PARENT = "FO"
    GUARDIAN = "VE"
    PROXY = "FU"
    APPOINTED = "TD"
    PARENT_WITHOUT_RESPONSIBILITY = "parent_without"
    UNUSABLE_RESPONSIBILITY = "unusable"
    CARE_STAFF = "care_staff"
    STRANGER = "stranger"
    CLINICIAN = "clinician"
    EMERGENCY = "emergency"
    CLERK = "clerk"
    OPERATOR = "operator"


class Service(StrEnum):
    """What is asked about. The first six are the services that the table calls "all".

    WISHES is the child's own page for asking that parents be kept out; PROXIES is fullmakter and consents.
    """

    LETTER = "letter"
    APPOINTMENT = "appointment"
    REFERRAL = "referral"
    DIALOGUE = "dialogue"
    JOURNAL = "journal"
    FORM = "form"
    LOG = "log"
    SETTINGS = "settings"
    WISHES = "wishes"
    PROXIES = "proxies"
    LETTER_STATUS = "letter_status"
    DELIVERY = "delivery"


class Assurance(StrEnum):
    """How surely ID-porten or HelseID knows who someone is."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Outcome(StrEnum):
    """What a clinician has decided for one referral."""

    OPEN = "open"
    PARENTS_DENIED = "parents_denied"
    YOUTH_DENIED = "youth_denied"


class Wish(StrEnum):
    """A child's wish that parents be kept out, as a clinician has handled it."""

    PENDING = "pending"
    RESPECTED = "respected"


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant, included, to an instant, excluded; None is open-ended."""

    start: datetime | None = None
    end: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        """Whether the instant lies inside."""
        return (self.start is None or self.start <= instant) and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as far as the rules care."""

    birth: Birth | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """What ties the one who asks to the patient.

    `areas` are the services a proxy, an appointed person or a guardian was given. `parent_at_home` says that at least
    one parent lives at the child's registered address, `parent_at_second_home` that one lives at its second home
    (delt bosted). `register_seen_at` is when the population register last answered about both; None is never.
    `personal_mandate` says that a guardian's mandate covers personal interests, `for_lone_asylum_child` that the
    guardian was appointed for a child who came to Norway alone.
    """

    kind: Kind
    period: Period = Period()
    areas: frozenset[Service] = frozenset()
    parent_at_home: bool = False
    parent_at_second_home: bool = False
    blocked: bool = False
    register_seen_at: datetime | None = None
    personal_mandate: bool = False
    for_lone_asylum_child: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose information it is.

    `youth_consent` says that a parent's consent to the youth's own access stands, `youth_consent_of_all` that every
    parent's does.
    """

    birth: Birth | None
    dead: bool = False
    protected: bool = False
    youth_consent: bool = False
    youth_consent_of_all: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that may be seen. `mine` says that the asker opened the thread or takes part in it.

    `codes` are those that somebody has set: N stands there only where a clinician has said so. `written_at` is when
    it was written, where known. `confidential` says that its unit or type stands on the confidential list;
    `visible_from` is NORU's time. `by_parent` says that a parent or guardian opened the thread.
    `blocked_for_actor` is the patient's own block (NORS) against the very clinician who asks.
    """

    codes: frozenset[str] = frozenset()
    written_at: datetime | None = None
    visible_from: datetime | None = None
    confidential: bool = False
    signed: bool = True
    by_youth: bool = False
    by_parent: bool = False
    to_youth: bool = False
    mine: bool = False
    blocked_for_actor: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """A clinician's decision for one referral, in force in its period."""

    outcome: Outcome
    period: Period = Period()


@dataclass(frozen=True, slots=True)
class Referral:
    """What is decided for the referrals an item belongs to: one entry for each referral, with its assessments.

    An item that belongs to no referral has no entries, and counts as not assessed.
    """

    assessed: tuple[tuple[Assessment, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """The child's wishes that bear on this item or its referral."""

    parents_kept_out: Wish | None = None
