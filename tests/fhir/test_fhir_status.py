"""What became of a letter, in FHIR's words and in ours."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.communication import Communication
from hypothesis import given
from hypothesis import strategies as st

from letters.fhir_status import communication
from letters.orders import LetterStatus, NoticeStatus, PostingStatus, ReceiptStatus
from letters.states import Digital, NoticeState, Postal

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LETTER = UUID(int=1)
WORDS = "https://dis-portal.example/fhir/StructureDefinition"


def letter(**changes: Any) -> LetterStatus:
    known: dict[str, Any] = {
        "letter_id": LETTER,
        "identifiers": ("https://dips.example/brev|B-1|2",),
        "type_code": "innkalling",
        "unit_resh": "100082",
        "received_at": AT,
        "digital": Digital.NONE,
    } | changes
    return LetterStatus(**known)


def paper(state: Postal, *receipts: ReceiptStatus, **changes: Any) -> PostingStatus:
    return PostingStatus(UUID(int=2), "patient", "unopened", state, due_at=LATER, receipts=receipts, **changes)


def told(status: LetterStatus) -> tuple[str, str]:
    resource = communication(status)
    return resource["status"], resource["statusReason"]["coding"][0]["code"]


def media(status: LetterStatus) -> list[str]:
    return [one["coding"][0]["code"] for one in communication(status).get("medium", [])]


POSTED = ReceiptStatus("posted", LATER)
ON_SCREEN: dict[str, Any] = {"digital": Digital.AVAILABLE, "available_at": AT}
OPENED: dict[str, Any] = {"digital": Digital.OPENED, "available_at": AT, "opened_at": LATER}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (letter(), ("preparation", "being-prepared")),
        (letter(**ON_SCREEN), ("in-progress", "waiting-for-reader")),
        (letter(**ON_SCREEN, postings=(paper(Postal.WAITING),)), ("in-progress", "waiting-for-reader")),
        (letter(postings=(paper(Postal.WAITING),)), ("in-progress", "waiting-for-reader")),
        (letter(**ON_SCREEN, postings=(paper(Postal.ACCEPTED),)), ("in-progress", "on-its-way-by-post")),
        (letter(postings=(paper(Postal.UNKNOWN),)), ("in-progress", "on-its-way-by-post")),
        (letter(postings=(paper(Postal.HELD),)), ("on-hold", "held")),
        (letter(postings=(paper(Postal.REJECTED),)), ("on-hold", "rejected")),
        (letter(postings=(paper(Postal.RETURNED, POSTED),)), ("on-hold", "returned")),
        (letter(postings=(paper(Postal.POSTED, POSTED),)), ("completed", "posted")),
        (letter(**OPENED, postings=(paper(Postal.CANCELLED),)), ("completed", "opened")),
        (letter(**OPENED, postings=(paper(Postal.READY),)), ("in-progress", "on-its-way-by-post")),
        (letter(**OPENED, postings=(paper(Postal.HELD),)), ("on-hold", "held")),
        (letter(digital=Digital.HIDDEN, available_at=AT, withdrawn_at=LATER), ("stopped", "withdrawn")),
        (letter(withdrawn_at=LATER, superseded_by=UUID(int=9)), ("stopped", "replaced")),
    ],
)
def test_the_status_says_where_the_letter_is(status: LetterStatus, words: tuple[str, str]) -> None:
    assert told(status) == words


def test_sent_and_received_are_facts() -> None:
    opened = communication(letter(**OPENED))
    assert (opened["sent"], opened["received"]) == ("2026-11-22T13:00:00+01:00", "2026-11-26T13:00:00+01:00")
    posted = communication(letter(postings=(paper(Postal.POSTED, POSTED),)))
    assert (posted["sent"], "received" in posted) == ("2026-11-26T13:00:00+01:00", False)
    accepted = communication(letter(postings=(paper(Postal.ACCEPTED, ReceiptStatus("received", AT)),)))
    assert "sent" not in accepted


def test_the_medium_is_how_the_letter_goes() -> None:
    assert media(letter()) == []
    assert media(letter(**ON_SCREEN, postings=(paper(Postal.WAITING),))) == ["ELECTRONIC"]
    assert media(letter(**ON_SCREEN, postings=(paper(Postal.POSTED, POSTED),))) == ["ELECTRONIC", "MAILWRIT"]
    assert media(letter(postings=(paper(Postal.HELD),))) == ["MAILWRIT"]


def test_the_postal_track_shows_its_receipts() -> None:
    track = next(
        one["extension"]
        for one in communication(letter(postings=(paper(Postal.POSTED, POSTED, provider_id="p-7", pages=3),)))[
            "extension"
        ]
        if one["url"] == f"{WORDS}/postal-track"
    )
    plain = {part["url"]: next(v for k, v in part.items() if k != "url") for part in track}
    assert (plain["state"], plain["provider-order"], plain["pages"]) == ("posted", "p-7", 3)
    assert plain["receipt"] == [
        {"url": "kind", "valueCode": "posted"},
        {"url": "at", "valueDateTime": "2026-11-26T13:00:00+01:00"},
    ]


def test_an_identifier_is_split_at_its_first_bar() -> None:
    assert communication(letter())["identifier"] == [{"system": "https://dips.example/brev", "value": "B-1|2"}]


INSTANTS = st.none() | st.just(AT) | st.just(LATER)
RECEIPTS = st.builds(ReceiptStatus, st.sampled_from(["received", "posted", "returned", "failed"]), st.just(LATER))
POSTINGS = st.builds(
    PostingStatus,
    st.uuids(),
    st.sampled_from(["patient", "parent"]),
    st.just("unopened"),
    st.sampled_from(list(Postal)),
    due_at=INSTANTS,
    pages=st.none() | st.integers(1, 20),
    provider_id=st.sampled_from(["", "p-1"]),
    receipts=st.lists(RECEIPTS, max_size=3).map(tuple),
)
NOTICES = st.builds(
    NoticeStatus, st.sampled_from(["sms", "email"]), st.sampled_from(list(NoticeState)), INSTANTS, st.booleans()
)
STATUSES = st.builds(
    letter,
    digital=st.sampled_from(list(Digital)),
    available_at=INSTANTS,
    opened_at=INSTANTS,
    withdrawn_at=INSTANTS,
    superseded_by=st.none() | st.uuids(),
    decision_rule=st.sampled_from(["", "R07"]),
    decision_reason=st.sampled_from(["", "reserved"]),
    identifiers=st.sampled_from([(), ("https://a.example|1",)]),
    postings=st.lists(POSTINGS, max_size=3).map(tuple),
    notices=st.lists(NOTICES, max_size=3).map(tuple),
)


@given(STATUSES)
def test_any_letters_fate_is_valid_fhir(status: LetterStatus) -> None:
    resource = communication(status)
    Communication.model_validate(resource)
    assert "payload" not in resource
    assert (resource["status"] == "stopped") == (status.withdrawn_at is not None)
