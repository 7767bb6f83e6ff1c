"""Puts what somebody typed aside in the browser's session on the server, sealed.

The session's rows are read by nobody but the machine, and lie in backups all the same: a name or a word about health
stands there only under the key, and opens for the person who typed it and for no other.
"""

import base64
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from portal.people import sealing


def sealed(value: object, *, person_id: UUID, name: str) -> str:
    """A JSON value as sealed text."""
    return base64.b64encode(sealing.seal(json.dumps(value), _place(person_id, name))).decode()


def opened(text: object, *, person_id: UUID, name: str) -> Any:  # noqa: ANN401 - JSON
    """The value again; None where it was another's, altered, or never sealed."""
    try:
        return json.loads(sealing.unseal(base64.b64decode(str(text)), _place(person_id, name)))
    except (sealing.SealBroken, ValueError):
        return None


def keep(request: HttpRequest, name: str, value: object, *, person_id: UUID) -> None:
    """Put a value aside under a name."""
    request.session[name] = sealed(value, person_id=person_id, name=name)


def kept(request: HttpRequest, name: str, *, person_id: UUID) -> Any:  # noqa: ANN401 - JSON
    """What was put aside under the name; None where there is nothing that opens."""
    found = request.session.get(name)
    return None if found is None else opened(found, person_id=person_id, name=name)


def _place(person_id: UUID, name: str) -> sealing.Place:
    return sealing.Place("django_session", str(person_id), name)
