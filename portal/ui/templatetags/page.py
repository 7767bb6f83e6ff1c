"""Template tags of the pages: icons, dates in words, and parts that are the same for everybody."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.ui import dates
from portal.ui.fixed import fixed

register = template.Library()
register.tag("fixed", fixed)


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """An icon beside words; screen readers do not hear it. `extra` is one more CSS class."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        staticfiles_storage.url("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def picture(name: str) -> SafeString:
    """A drawing without a message of its own, from static/art; screen readers do not hear it."""
    address = staticfiles_storage.url(str(Path("art") / f"{name}.svg"))
    return format_html('<img class="art" src="{}" alt="" width="160" height="120">', address)


@register.filter
def day(value: date) -> str:
    """ "mandag 30. november"."""
    return dates.day(value)


@register.filter
def plain_date(value: date) -> str:
    """ "20. november 2026"."""
    return dates.plain_date(value)


@register.filter
def clock_time(value: datetime) -> str:
    """ "kl. 10.15"."""
    return dates.time(value)


@register.filter
def moment(value: datetime) -> str:
    """ "mandag 30. november kl. 10.15"."""
    return dates.moment(value)


@register.filter
def relative_day(value: date) -> str:
    """ "i morgen", "om 8 dager"."""
    return dates.relative(value)


@register.filter
def iso(value: date) -> str:
    """The machine-readable form for a `<time datetime>`."""
    return value.isoformat()
