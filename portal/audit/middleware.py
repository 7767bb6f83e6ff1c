"""Lets the audit know which request it writes for, and writes down what was refused."""

import logging
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.audit import commands
from portal.audit.present import Present, during
from portal.audit.refusals import AccessRefused

Handler = Callable[[HttpRequest], HttpResponse]
_LOG: Final = logging.getLogger(__name__)


class OnRecord:
    """Stands inside the middleware that finds the session.

    A refusal is raised through the view's transaction, which undoes everything in it; its audit row is therefore
    written here, after that transaction has ended.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the request's facts at hand for every audit row."""
        sign_in = getattr(request, "sign_in", None)
        facts = Present(
            request_id=getattr(request, "request_id", ""),
            acr=getattr(sign_in, "assurance", ""),
            hpr=getattr(sign_in, "hpr_number", ""),
            organisation=getattr(sign_in, "organisation", ""),
        )
        with during(facts):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Note a refusal; the answer is the same 404 as always, also when the note could not be written."""
        if not isinstance(exception, AccessRefused):
            return
        try:
            with transaction.atomic():
                commands.note_refusal(exception)
        except Exception:
            _LOG.exception("a refusal could not be written down", extra={"kind": exception.item_kind})
