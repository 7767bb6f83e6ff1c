"""Checks that a resource has FHIR's own shape, at the door and nowhere else; the checked object is thrown away."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from fhir.resources.R4B.fhirresourcemodel import FHIRResourceModel
from pydantic import ValidationError

from portal.fhir.outcomes import IssueType, Problem

_ELEMENT = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
_TYPES: Mapping[str, tuple[IssueType, str, Promise]] = {
    "missing": ("required", "element-missing", _("Elementet mangler.")),
    "extra_forbidden": ("structure", "element-unknown", _("FHIR R4 har ikke et slikt element her.")),
    "list_type": ("structure", "element-not-list", _("Elementet skal være en liste.")),
    "too_long": ("too-long", "element-too-long", _("Verdien er for lang.")),
    "string_type": ("value", "element-not-text", _("Verdien skal være tekst.")),
    "string_pattern_mismatch": ("value", "element-invalid", _("Verdien har ikke den formen FHIR krever.")),
}
_OTHERWISE: tuple[IssueType, str, Promise] = (
    "value",
    "element-invalid",
    _("Verdien har ikke den formen FHIR krever."),
)


def problems_of_shape(model: type[FHIRResourceModel], tree: dict[str, Any]) -> list[Problem]:
    """What FHIR R4 does not allow in the tree, each with its place and without its value."""
    try:
        model.model_validate(tree)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [_problem(model, one["type"], one["loc"]) for one in found]
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError, KeyError):
        issue, code, text = _OTHERWISE
        return [Problem(issue, code, text, expression_for(model, ()))]
    return []


def expression_for(model: type[FHIRResourceModel], place: tuple[int | str, ...]) -> str:
    """A FHIRPath; it stops at a name that cannot be an element's, which might be anything."""
    path = model.get_resource_type()
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _ELEMENT.fullmatch(step):
            path += f".{step}"
        else:
            break
    return path


def _problem(model: type[FHIRResourceModel], kind: str, place: tuple[int | str, ...]) -> Problem:
    issue, code, text = _TYPES.get(kind, _OTHERWISE)
    return Problem(issue, code, text, expression_for(model, place))
