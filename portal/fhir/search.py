"""Search parameters, from the address or from a form (`_search`), read with FHIR's escapes."""

import re
from collections.abc import Mapping
from typing import IO, Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from portal.fhir.errors import refuse
from portal.fhir.strict_json import Json

_LONGEST_FORM = 20_000
_LONGEST_VALUE = 2_000
_MOST_ALTERNATIVES = 20
_COMMA = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\([\\|,$])")
_ABOUT_THE_ANSWER = {"_format", "_pretty"}


class SearchFormParser(BaseParser):
    """`application/x-www-form-urlencoded`, so that identifiers need not stand in an address."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Json:
        """The form, as a `QueryDict`. Raises `FhirRefusal` (413) for one that is too large."""
        raw: bytes = stream.read(_LONGEST_FORM + 1)
        if len(raw) > _LONGEST_FORM:
            raise refuse(413, "too-long", "too-large", _("Søket er for stort."))
        return QueryDict(raw, encoding="utf-8")


def alternatives(request: Request, name: str) -> list[str]:
    """The values of a parameter, any of which may match; empty where it is not given.

    Raises `FhirRefusal` (400) for a parameter that is repeated, too long, or holds characters no value can have.
    """
    given = [*request.query_params.getlist(name), *_form(request).getlist(name)]
    if not given:
        return []
    if len(given) > 1 or len(given[0]) > _LONGEST_VALUE or not given[0].isprintable():
        raise refuse(400, "value", "search-value", _("Søkeparameteren er gjentatt eller har en ugyldig verdi."))
    values = [_ESCAPED.sub(r"\1", part) for part in _COMMA.split(given[0]) if part]
    if not values or len(values) > _MOST_ALTERNATIVES:
        raise refuse(400, "too-costly", "search-values", _("Søkeparameteren har ingen, eller for mange, verdier."))
    return values


def repeated(request: Request, name: str) -> list[str]:
    """The values of a parameter that may be given several times, all of which must match; empty where it is not given.

    Raises `FhirRefusal` (400) for too many of them, and for one that is too long or holds characters no value can have.
    """
    given = [*request.query_params.getlist(name), *_form(request).getlist(name)]
    if len(given) > _MOST_ALTERNATIVES or any(len(one) > _LONGEST_VALUE or not one.isprintable() for one in given):
        raise refuse(
            400, "value", "search-value", _("Søkeparameteren er gjentatt for ofte eller har en ugyldig verdi.")
        )
    return given


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Where the client asks for strict handling, a parameter that would be ignored is refused (400) instead."""
    names = {*request.query_params, *_form(request)} - known - _ABOUT_THE_ANSWER
    if names and "handling=strict" in request.headers.get("Prefer", "").replace(" ", ""):
        raise refuse(400, "not-supported", "search-parameter", _("Søket har en parameter som portalen ikke kjenner."))


def _form(request: Request) -> QueryDict:
    return request.data if request.method == "POST" and isinstance(request.data, QueryDict) else QueryDict()
