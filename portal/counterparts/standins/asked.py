"""What a request says, be it JSON or a form, and how it wants to be answered."""

import json
from typing import Any

from django.http import HttpRequest


class BadInput(ValueError):
    """The request cannot be understood; the text says why and may be shown."""


def values(request: HttpRequest) -> dict[str, Any]:
    """The fields of a JSON object or of a form. Raises `BadInput`."""
    if is_form(request):
        return {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise BadInput("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadInput("the body must be a JSON object")
    return body


def is_form(request: HttpRequest) -> bool:
    """Whether a person sent this from a page, and should be sent back to one.

    `curl -d` calls any body a form; one that begins as a JSON object is read as one all the same.
    """
    named_so = request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    return named_so and not request.body.lstrip().startswith(b"{")
