"""Writes FHIR resources as JSON."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from portal.fhir.strict_json import write


class FhirJsonRenderer(BaseRenderer):
    """`application/fhir+json`, the media type this door answers with unless another is asked for."""

    media_type = "application/fhir+json"
    format = "json"
    charset = "utf-8"

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The resource as UTF-8; nothing where there is no resource."""
        return b"" if data is None else write(data)


class PlainJsonRenderer(FhirJsonRenderer):
    """`application/json`, for clients that know no other."""

    media_type = "application/json"
