"""Puts the viewer on every request, and lets no session live beyond its limits."""

from collections.abc import Callable
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from portal.people import sessions
from portal.people.browser_sessions import SessionStore
from portal.people.viewer import Viewer

Handler = Callable[[HttpRequest], HttpResponse]
ASKS_WITHOUT_TOUCHING: Final = frozenset({"/logg-inn/tid-igjen/"})
"""Asking how much time is left is not activity: an open tab must not keep a session alive by itself."""


class SessionLimits:
    """Finds the sign-in behind the browser's session, ends it at its limits and notes activity.

    Sets `request.sign_in` (the row, or None), `request.session_ends_at`, and `request.session_ending` where a
    session was found to be over. Requests without a session cookie cost nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the sign-in known."""
        found = self._found(request)
        opened = found if isinstance(found, sessions.OpenSession) else None
        if opened is not None and request.path not in ASKS_WITHOUT_TOUCHING:
            sessions.keep_alive(opened.row)
        if opened is None and found is not False:
            request.session.flush()
            request.user = AnonymousUser()
        _set(
            request,
            sign_in=opened.row if opened else None,
            open_session=opened,
            session_ends_at=sessions.ends_at(opened.row) if opened else None,
            session_ending=found if isinstance(found, sessions.Ending) else "",
        )
        return self.get_response(request)

    @staticmethod
    def _found(request: HttpRequest) -> sessions.OpenSession | sessions.Ending | bool | None:
        """What stands behind the cookie; False where nobody claims to be signed in."""
        key = request.session.session_key
        if not key or "_auth_user_id" not in request.session:
            return False
        store = request.session
        return sessions.judge(store.sign_in() if isinstance(store, SessionStore) else sessions.behind(key))


class WhoIsHere:
    """Sets `request.viewer`: who is signed in, or None."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the viewer known."""
        opened: sessions.OpenSession | None = getattr(request, "open_session", None)
        _set(request, viewer=_viewer(opened) if opened else None)
        return self.get_response(request)


def _viewer(opened: sessions.OpenSession) -> Viewer:
    person = opened.row.person
    return Viewer(
        person_id=person.pk,
        display_name=person.name,
        roles=opened.roles,
        assurance=opened.row.assurance,
        authenticated_at=opened.row.authenticated_at,
        language=person.language,
        hpr_number=opened.row.hpr_number,
        organisation=opened.row.organisation,
        dormant_roles=opened.dormant,
    )


def _set(request: HttpRequest, **values: object) -> None:
    for name, value in values.items():
        setattr(request, name, value)
