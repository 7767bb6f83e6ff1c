"""Takes in a FHIR resource as JSON and keeps the very bytes that came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from django.conf import settings
from django.http import UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from portal.fhir.errors import refuse
from portal.fhir.outcomes import IssueType
from portal.fhir.strict_json import Json, JsonLimits, RefusedJson, read

_REASONS = {
    "not-utf8": _("Innholdet er ikke gyldig UTF-8."),
    "not-json": _("Innholdet er ikke gyldig JSON."),
    "duplicate-key": _("Innholdet har samme felt to ganger i ett objekt."),
    "number-out-of-range": _("Innholdet har et tall som er for stort."),
    "nul-character": _("Innholdet har et NUL-tegn."),
    "lone-surrogate": _("Innholdet har en ødelagt tegnkode (enslig surrogat)."),
    "too-deep": _("Innholdet har for mange nivåer inni hverandre."),
    "too-many-values": _("Innholdet har for mange felter."),
}
_TOO_MUCH = {"too-deep", "too-many-values"}


@dataclass(frozen=True, slots=True)
class ReceivedJson:
    """A JSON object together with the bytes it was read from."""

    raw: bytes = field(repr=False)
    tree: dict[str, Any] = field(repr=False)


class FhirJsonParser(BaseParser):
    """`application/fhir+json`."""

    media_type = "application/fhir+json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Json:
        """Read the body within its limits into a `ReceivedJson`. Raises `FhirRefusal` with 400, 413 or 415."""
        _check_encoding(media_type or "", parser_context or {})
        raw = _read_within_limit(stream)
        limits = JsonLimits(depth=settings.FHIR_MAX_DEPTH, nodes=settings.FHIR_MAX_NODES)
        try:
            tree = read(raw, limits)
        except RefusedJson as error:
            issue: IssueType = "too-costly" if error.code in _TOO_MUCH else "structure"
            raise refuse(400, issue, error.code, _REASONS[error.code]) from None
        if not isinstance(tree, dict):
            raise refuse(400, "structure", "not-a-resource", _("Innholdet er ikke en FHIR-ressurs (et JSON-objekt)."))
        return ReceivedJson(raw, tree)


class PlainJsonParser(FhirJsonParser):
    """`application/json`, which many clients send for FHIR."""

    media_type = "application/json"


def _check_encoding(media_type: str, context: Mapping[str, Any]) -> None:
    request = context.get("request")
    packed = request.META.get("HTTP_CONTENT_ENCODING", "identity") if request is not None else "identity"
    if packed.lower() not in ("", "identity"):
        raise refuse(415, "not-supported", "packed-content", _("Pakket innhold (Content-Encoding) støttes ikke."))
    parameters = dict(part.strip().partition("=")[::2] for part in media_type.lower().split(";")[1:])
    if parameters.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        raise refuse(415, "not-supported", "charset", _("Innholdet må være i UTF-8."))
    if not parameters.get("fhirversion", "4.0").strip('"').startswith("4."):
        raise refuse(415, "not-supported", "fhir-version", _("Portalen bruker FHIR R4."))


def _read_within_limit(stream: IO[Any]) -> bytes:
    limit: int = settings.FHIR_MAX_BYTES
    try:
        raw: bytes = stream.read(limit + 1)
    except (UnreadablePostError, OSError):
        raise refuse(400, "structure", "cut-off", _("Innholdet kom ikke helt fram.")) from None
    if len(raw) > limit:
        text = _("Innholdet er for stort. Grensen er %(mebibytes)d MiB.")
        raise refuse(413, "too-long", "too-large", str(text) % {"mebibytes": limit // 1024**2})
    return raw
