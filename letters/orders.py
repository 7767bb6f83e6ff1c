"""What a sender's system has ordered, and what it may be told about it afterwards.

These are plain values without Django: `letters.fhir` makes a `LetterOrder` out of a request, `letters.commands.intake`
stores it, `letters.queries` answers with a `LetterStatus`, and `letters.fhir_status` turns that into FHIR again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

LANGUAGES = ("nb", "nn", "se", "en")


@dataclass(frozen=True, slots=True)
class EnclosureOrder:
    """One PDF that follows the letter, already checked for print."""

    title: str
    data: bytes = field(repr=False)
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """One letter as ordered by a sender's system, checked and normalised.

    `key` is unique within `source`; `fingerprint` tells whether the same key came with the same body
    (SHA-256 over canonical JSON, so that white space and the order of members do not matter). `security_codes` are
    those of set 9603 that were sent; `referrals` are the sender's own names for them, as "system|value".
    `referral_ids` are referrals the portal knows already, in a letter that it drafts itself.
    """

    source: str
    key: str
    fingerprint: str
    identifiers: tuple[str, ...]
    raw: bytes = field(repr=False)
    type_code: str
    patient_pid: str = field(repr=False)
    unit_resh: str
    title: str = field(repr=False)
    language: str
    body_html: str = field(repr=False)
    enclosures: tuple[EnclosureOrder, ...] = ()
    security_codes: tuple[str, ...] = ()
    withheld_until: datetime | None = None
    referrals: tuple[str, ...] = ()
    visible_from: datetime | None = None
    must_arrive_by: datetime | None = None
    replaces: UUID | None = None
    referral_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceivedOrder:
    """An order that was received before: enough to answer a repeated request or to show the sender its own words."""

    letter_id: UUID
    key: str
    fingerprint: str
    raw: bytes = field(repr=False)
    received_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReceiptStatus:
    """One thing the print provider has reported; `kind` is received, posted, returned, failed or cancelled."""

    kind: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PostingStatus:
    """The postal track towards one addressee; `state` is one of `letters.states.Postal`. Never an address."""

    posting_id: UUID
    addressee: str
    cause: str
    state: str
    due_at: datetime | None = None
    pages: int | None = None
    provider_id: str = ""
    receipts: tuple[ReceiptStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """One neutral SMS or e-mail; `channel` is sms or email, `state` is a state of the notice."""

    channel: str
    state: str
    sent_at: datetime | None = None
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """What became of a letter, as its sender may know it.

    `digital` is one of `letters.states.Digital`. `available_at` is when the reader could first see it on screen.
    `identifiers` are the sender's own, as "system|value". `unit_resh` and `type_code` repeat the order.
    """

    letter_id: UUID
    identifiers: tuple[str, ...]
    type_code: str
    unit_resh: str
    received_at: datetime
    digital: str
    available_at: datetime | None = None
    opened_at: datetime | None = None
    withdrawn_at: datetime | None = None
    superseded_by: UUID | None = None
    decision_rule: str = ""
    decision_reason: str = ""
    postings: tuple[PostingStatus, ...] = ()
    notices: tuple[NoticeStatus, ...] = ()
