"""What became of a letter, as a FHIR Communication.

The patient's number is masked: the sender knows whom it wrote to, and an answer that is polled should not carry it.
What FHIR has no element for (the two tracks, the notices, the rule that decided) stands in documented extensions.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from letters import fhir_codes as codes
from letters.orders import LetterStatus, NoticeStatus, PostingStatus
from letters.states import Digital, NoticeState, Postal
from portal.kernel.clock import OSLO

_MOVING: Final = frozenset(
    {Postal.DUE, Postal.READY, Postal.SUBMITTING, Postal.UNKNOWN, Postal.ACCEPTED, Postal.CANCEL_ASKED}
)
_ON_PAPER: Final = _MOVING | {Postal.HELD, Postal.POSTED, Postal.RETURNED}
_NEEDS_A_PERSON: Final = (Postal.RETURNED, Postal.REJECTED, Postal.HELD)
_SENT_NOTICE: Final = frozenset({NoticeState.SENT, NoticeState.DELIVERED, NoticeState.UNCONFIRMED})


def communication(status: LetterStatus) -> dict[str, Any]:
    """The resource; its id is the letter's."""
    word, reason = _status(status)
    resource: dict[str, Any] = {
        "resourceType": "Communication",
        "id": str(status.letter_id),
        "extension": _extensions(status),
        "identifier": [_identifier(text) for text in status.identifiers],
        "basedOn": [{"reference": f"CommunicationRequest/{status.letter_id}"}],
        "status": word,
        "statusReason": {"coding": [{"system": codes.STATUS_REASON, "code": reason}]},
        "category": [{"coding": [{"system": codes.LETTER_TYPE, "code": status.type_code}]}],
        "medium": [{"coding": [{"system": codes.PARTICIPATION_MODE, "code": code}]} for code in _media(status)],
        "subject": {"type": "Patient", "identifier": {"system": codes.FNR, "_value": _masked()}},
        "sent": _time(_sent_at(status)),
        "received": _time(status.opened_at),
        "sender": {"type": "Organization", "identifier": {"system": codes.RESH, "value": status.unit_resh}},
    }
    return {name: value for name, value in resource.items() if value not in (None, [])}


def searchset(address: str, own_link: str, letters: Iterable[LetterStatus]) -> dict[str, Any]:
    """A Bundle of what was found; `address` is the portal's FHIR address, `own_link` the search as understood."""
    entries = [
        {
            "fullUrl": f"{address}/Communication/{status.letter_id}",
            "resource": communication(status),
            "search": {"mode": "match"},
        }
        for status in letters
    ]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": own_link}],
    }
    return bundle | {"entry": entries} if entries else bundle


def _status(status: LetterStatus) -> tuple[str, str]:
    """Communication.status, and our own word for why."""
    states = {posting.state for posting in status.postings}
    if status.withdrawn_at is not None:
        return "stopped", "replaced" if status.superseded_by else "withdrawn"
    if states & _MOVING:
        return "in-progress", "on-its-way-by-post"
    if status.opened_at is not None and Postal.HELD not in states:
        return "completed", "opened"
    if Postal.POSTED in states:
        return "completed", "posted"
    for state in _NEEDS_A_PERSON:
        if state in states:
            return "on-hold", str(state)
    if status.digital == Digital.AVAILABLE or Postal.WAITING in states:
        return "in-progress", "waiting-for-reader"
    return "preparation", "being-prepared"


def _media(status: LetterStatus) -> list[str]:
    """How the letter itself has gone, or goes; notices are not the letter."""
    on_screen = ["ELECTRONIC"] if status.digital != Digital.NONE else []
    on_paper = ["MAILWRIT"] if any(posting.state in _ON_PAPER for posting in status.postings) else []
    return on_screen + on_paper


def _sent_at(status: LetterStatus) -> datetime | None:
    """When it was on screen, or the printer said that it was posted, whichever came first."""
    posted = [one.occurred_at for posting in status.postings for one in posting.receipts if one.kind == "posted"]
    return min([at for at in (status.available_at, *posted) if at is not None], default=None)


def _extensions(status: LetterStatus) -> list[dict[str, Any]]:
    digital = _extension(
        "digital-track",
        _part("state", "Code", status.digital),
        _part("available", "DateTime", _time(status.available_at)),
        _part("opened", "DateTime", _time(status.opened_at)),
    )
    decision = _extension(
        "channel-decision", _part("rule", "Code", status.decision_rule), _part("reason", "Code", status.decision_reason)
    )
    found = [
        _extension("order-received", _part("at", "DateTime", _time(status.received_at))),
        digital,
        decision if status.decision_rule else None,
        *(_postal(posting) for posting in status.postings),
        *(_notice(notice) for notice in status.notices),
        _ended(status),
    ]
    return [extension for extension in found if extension is not None]


def _postal(posting: PostingStatus) -> dict[str, Any]:
    receipts = [
        {
            "url": "receipt",
            "extension": [
                {"url": "kind", "valueCode": receipt.kind},
                {"url": "at", "valueDateTime": _time(receipt.occurred_at)},
            ],
        }
        for receipt in posting.receipts
    ]
    track = _extension(
        "postal-track",
        _part("id", "Id", str(posting.posting_id)),
        _part("addressee", "Code", posting.addressee),
        _part("cause", "Code", posting.cause),
        _part("state", "Code", posting.state),
        _part("due", "DateTime", _time(posting.due_at)),
        _part("pages", "PositiveInt", posting.pages),
        _part("provider-order", "String", posting.provider_id),
    )
    track["extension"] += receipts
    return track


def _notice(notice: NoticeStatus) -> dict[str, Any]:
    sent = notice.sent_at if notice.state in _SENT_NOTICE else None
    return _extension(
        "notice",
        _part("channel", "Code", notice.channel),
        _part("round", "Code", "reminder" if notice.reminder else "first"),
        _part("state", "Code", notice.state),
        _part("sent", "DateTime", _time(sent)),
    )


def _ended(status: LetterStatus) -> dict[str, Any] | None:
    if status.withdrawn_at is None:
        return None
    successor = {"reference": f"CommunicationRequest/{status.superseded_by}"} if status.superseded_by else None
    return _extension(
        "withdrawn", _part("at", "DateTime", _time(status.withdrawn_at)), _part("replaced-by", "Reference", successor)
    )


def _extension(name: str, *parts: dict[str, Any] | None) -> dict[str, Any]:
    return {"url": f"{codes.STRUCTURE}/{name}", "extension": [part for part in parts if part is not None]}


def _part(name: str, kind: str, value: object) -> dict[str, Any] | None:
    return {"url": name, f"value{kind}": value} if value not in (None, "") else None


def _identifier(text: str) -> dict[str, str]:
    system, _bar, value = text.partition("|")
    return {"system": system, "value": value}


def _masked() -> dict[str, Any]:
    return {"extension": [{"url": codes.DATA_ABSENT, "valueCode": "masked"}]}


def _time(instant: datetime | None) -> str | None:
    """Norwegian wall-clock time with its zone, to the second."""
    return None if instant is None else instant.astimezone(OSLO).isoformat(timespec="seconds")
