"""A no to somebody about something that exists: to them the same as a missing page, in the audit a row."""

from uuid import UUID

from django.http import Http404

from portal.audit.basis import Basis
from portal.kernel.actor import Actor


class AccessRefused(Http404):
    """Raise it in a view instead of `Http404`, where the item exists and the rules said no.

    It carries no text. `portal.audit.middleware.OnRecord` writes the row once the view's transaction has ended.
    """

    def __init__(
        self,
        *,
        by: Actor,
        action: str,
        item_kind: str,
        item_id: UUID | str,
        person_id: UUID,
        basis: Basis,
    ) -> None:
        super().__init__()
        self.by = by
        self.action = action
        self.item_kind = item_kind
        self.item_id = item_id
        self.person_id = person_id
        self.basis = basis
