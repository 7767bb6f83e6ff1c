"""Who came in, who was turned away, who went out: into the audit. People's room lies below the audit and only says so.

The rows of a sign-in and a sign-out are written in their own transactions: without the row, the deed is undone.
"""

from typing import Final
from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.audit.basis import SELF, Basis
from portal.audit.models import AuditRow
from portal.kernel.actor import Actor, system
from portal.people import signals
from portal.people.models import SignInSession

ITEM: Final = "session"
DOOR: Final = system("sign-in")
"""The actor where we do not know who it was."""


def connect() -> None:
    """Listen to the people room, once however often it is called."""
    signals.signed_in.connect(note_sign_in, dispatch_uid="sign_in_audit.in")
    signals.sign_in_refused.connect(note_refusal, dispatch_uid="sign_in_audit.refused")
    signals.signed_out.connect(note_sign_out, dispatch_uid="sign_in_audit.out")


def note_sign_in(*, session: SignInSession, provider: str, **_signal: object) -> None:
    """A session began, through one provider and at one level."""
    _note("sign_in", session, {"provider": provider})


def note_sign_out(*, session: SignInSession, ending: str, **_signal: object) -> None:
    """A session ended: by its owner, by the provider, by a limit, or because a new one took its place."""
    _note("sign_out", session, {"ending": ending})


@transaction.atomic
def note_refusal(*, provider: str, reason: str, person_id: UUID | None, **_signal: object) -> None:
    """Somebody who came back from a provider was not let in. Nothing says who, unless we knew them already."""
    audit.record(
        by=DOOR,
        action="sign_in",
        item_kind=ITEM,
        item_id=reason,
        person_id=person_id,
        result=AuditRow.Result.REFUSED,
        details={"provider": provider, "reason": reason},
    )


def _note(action: str, session: SignInSession, details: dict[str, str]) -> None:
    """One's own session, on one's own footing; what HelseID vouched for goes along."""
    staff = bool(session.hpr_number)
    audit.record(
        by=Actor("staff" if staff else "citizen", str(session.person_id)),
        action=action,
        item_kind=ITEM,
        item_id=session.pk,
        person_id=session.person_id,
        basis=Basis(relation=SELF, acr=session.assurance, hpr=session.hpr_number, organisation=session.organisation),
        details=details,
    )
