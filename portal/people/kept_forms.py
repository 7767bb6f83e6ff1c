"""Keeps a form that was sent a little too late, until its sender has signed in anew.

It lies sealed in the browser's session on the server: nothing of it stands in an address, and it opens only for the
person who typed it. Large forms and files are not kept; the caller says so.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from portal.kernel import clock
from portal.people import sealed_session

KEPT_FOR: Final = timedelta(minutes=20)
MOST_BYTES: Final = 64_000
MOST_FORMS: Final = 3
_SESSION: Final = "people.kept_forms"
_CSRF: Final = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where a form was on its way to, and its fields in the order they came."""

    path: str
    fields: tuple[tuple[str, str], ...]


def keep(request: HttpRequest, person_id: UUID) -> str:
    """Put the posted form aside; the name it is given back under, or the empty text where it cannot be kept."""
    fields = [(name, value) for name, values in request.POST.lists() if name != _CSRF for value in values]
    form = {"path": request.get_full_path(), "fields": fields}
    if request.FILES or len(json.dumps(form)) > MOST_BYTES:
        return ""
    name = secrets.token_urlsafe(16)
    sealed = sealed_session.sealed(form, person_id=person_id, name=name)
    others = sorted(_kept(request).items(), key=lambda item: str(item[1]["until"]))[-(MOST_FORMS - 1) :]
    until = (clock.real_now() + KEPT_FOR).timestamp()
    request.session[_SESSION] = dict(others) | {name: {"until": until, "sealed": sealed}}
    return name


def give_back(request: HttpRequest, name: str, person_id: UUID) -> KeptForm | None:
    """The form of this name, for the one who typed it; it stays until its time is out."""
    found = _kept(request).get(name)
    if found is None:
        return None
    kept = sealed_session.opened(found["sealed"], person_id=person_id, name=name)
    if kept is None:
        return None
    return KeptForm(kept["path"], tuple((field, value) for field, value in kept["fields"]))


def _kept(request: HttpRequest) -> dict[str, dict[str, Any]]:
    now = clock.real_now().timestamp()
    return {name: one for name, one in request.session.get(_SESSION, {}).items() if one["until"] > now}
