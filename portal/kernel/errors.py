"""Errors say whether to try again."""

from datetime import datetime


class PortalError(Exception):
    """Base of every error this product raises on purpose.

    `code` is a short machine word without personal data: it is safe to store, log and show to staff.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class RetryableError(PortalError):
    """Nothing is decided yet: the same call may succeed later, from `not_before` where the error knows it."""

    not_before: datetime | None = None


class FinalError(PortalError):
    """Trying again will not help; a person must look at it."""
