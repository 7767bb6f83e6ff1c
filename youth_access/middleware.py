"""Puts the right eyes on every request, and tells the database how far the request may reach."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from portal.kernel import clock, reach
from portal.people.models import Person, SignInSession
from portal.people.viewer import Viewer, viewer_of
from youth_access.eyes import ACTING_FOR, Eyes, eyes_for

Handler = Callable[[HttpRequest], HttpResponse]
STAFF_PAGES: Final = ("/behandler/", "/drift/", "/admin/")
"""Pages of the back office: they look across patients, and each asks for a role itself."""
MACHINES: Final = ("/fhir/", "/oauth/", "/kvitteringer/", "/metrics", "/readyz")
"""Addresses that other systems call; each knows its caller by itself."""


class RightEyes:
    """Sets `request.eyes` (None where nobody is signed in) and the reach of the request's transactions."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with eyes and reach known."""
        viewer = viewer_of(request)
        eyes = _eyes(request, viewer) if viewer is not None else None
        request.eyes = eyes  # type: ignore[attr-defined]  # read back by eyes.eyes_of
        with _reach(request, viewer, eyes):
            return self.get_response(request)


def _eyes(request: HttpRequest, viewer: Viewer) -> Eyes:
    """Whoever was chosen to act for, as far as there is any tie at all; else the viewer's own eyes."""
    chosen, now, person = _uuid(request.session.get(ACTING_FOR)), clock.now(), _signed_in(request)
    if chosen is not None and chosen != viewer.person_id:
        try:
            return eyes_for(viewer, chosen, now, person)
        except Person.DoesNotExist:
            request.session.pop(ACTING_FOR, None)
    return eyes_for(viewer, viewer.person_id, now, person)


def _signed_in(request: HttpRequest) -> Person | None:
    """The viewer's own row, as the session's limits have just read it."""
    sign_in: SignInSession | None = getattr(request, "sign_in", None)
    return sign_in.person if sign_in is not None else None


def _reach(request: HttpRequest, viewer: Viewer | None, eyes: Eyes | None) -> AbstractContextManager[None]:
    if request.path.startswith(MACHINES):
        return reach.everyone(f"machine:{request.path.split('/')[1]}")
    if viewer is None or eyes is None:
        return reach.nobody("visitor")
    if viewer.is_staff and request.path.startswith(STAFF_PAGES):
        return reach.everyone(f"staff:{viewer.person_id}")
    return reach.one_patient(f"citizen:{viewer.person_id}", eyes.patient_id)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None
