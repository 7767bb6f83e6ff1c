"""Where browser sessions are kept: the framework's own table, read together with the sign-in behind the session.

Every page of somebody who is signed in asks for both; one statement brings them.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from portal.people import sessions
from portal.people.models import SignInSession


class SessionStore(db.SessionStore[Session]):
    """The framework's store. Its name is part of what sessions are signed with, so either reads the other's."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._read: tuple[str, SignInSession | None] | None = None

    def load(self) -> dict[str, object]:
        """What the session holds. One query; two where no sign-in stands behind it."""
        key = str(self.session_key)
        row = sessions.behind(key)
        self._read = key, row
        data: str | None = row.browser_data if row is not None else None  # type: ignore[attr-defined]  # annotated
        found: dict[str, object] = self.decode(data) if data is not None else super().load()
        return found

    def sign_in(self) -> SignInSession | None:
        """The sign-in behind the session, as it was when the session was read; asked for anew under another key."""
        if self._read is None or self._read[0] != self.session_key:
            return sessions.behind(self.session_key) if self.session_key else None
        return self._read[1]
