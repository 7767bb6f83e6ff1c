"""Chooses the answer's format from `Accept`, or from FHIR's `_format` parameter where a client cannot set headers."""

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

_JSON_FORMATS = {"json", "text/json", "application/json", "application/fhir+json", "application/fhir json"}


class FhirNegotiation(DefaultContentNegotiation):
    """As the framework does it, with `_format` going before `Accept`."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer and its media type. Raises `NotAcceptable` (406)."""
        wanted = request.query_params.get("_format")
        if not wanted:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
            return chosen
        if wanted.partition(";")[0].strip().lower() not in _JSON_FORMATS:
            raise NotAcceptable
        first = next(iter(renderers))
        return first, first.media_type
