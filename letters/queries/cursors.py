"""Where the next page of a list starts: an instant and a row's id, packed into one word for the address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID


def pack(at: datetime, row_id: UUID) -> str:
    """The place of a row in its list."""
    return urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def unpack(text: str) -> tuple[datetime, UUID] | None:
    """The place packed in a word; None for a word that holds none."""
    try:
        at, _, row_id = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        instant = datetime.fromisoformat(at)
        return (instant, UUID(row_id)) if instant.tzinfo else None
    except ValueError:
        return None
