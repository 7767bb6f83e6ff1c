"""The tag that every citizens' form carries: whom it is about."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from youth_access.acting import FOR_PERSON
from youth_access.eyes import eyes_of

register = template.Library()


@register.simple_tag(takes_context=True)
def for_whom(context: dict[str, Any]) -> SafeString | str:
    """A hidden field with the patient's id; nothing where nobody is signed in."""
    request = context.get("request")
    eyes = eyes_of(request) if request is not None else None
    if eyes is None:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', FOR_PERSON, eyes.patient_id)
