"""Refuses to start against stand-ins, or with a secret anyone could guess, outside demo and test."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

ADDRESSES = (
    "IDENTITY_ISSUER",
    "HELSEID_ISSUER",
    "CONTACT_REGISTER_URL",
    "POPULATION_REGISTER_URL",
    "PRINT_PROVIDER_URL",
    "SMS_URL",
    "EMAIL_URL",
    "HEALTH_RECORD_URL",
)
STANDIN_WORDS = ("standin", "stand-in")
SHORTEST_SECRET = 32


def real_counterparts_only(app_configs: Sequence[Any] | None = None, **_kwargs: object) -> list[CheckMessage]:
    """The system check: one error per address or secret that cannot be a real counterpart's."""
    if getattr(settings, "PORTAL_ENV", "production") != "production":
        return []
    found: list[CheckMessage] = []
    for name in ADDRESSES:
        fault = _fault(getattr(settings, name, ""))
        if fault:
            found.append(Error(f"{name} {fault}", id="counterparts.E001"))
    if len(getattr(settings, "COUNTERPART_SECRET", "")) < SHORTEST_SECRET:
        hint = f"COUNTERPART_SECRET must have at least {SHORTEST_SECRET} characters"
        found.append(Error(hint, id="counterparts.E002"))
    return found


def refuse_standins() -> None:
    """Stop the process where a check fails; for wsgi and the workers, which do not run Django's system checks.

    Raises `ImproperlyConfigured` naming every fault at once.
    """
    faults = real_counterparts_only()
    if faults:
        raise ImproperlyConfigured("; ".join(fault.msg for fault in faults))


def _fault(address: str) -> str:
    """What keeps this address from being a real counterpart's; empty where nothing does."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if not host:
        return "is missing"
    if parts.scheme != "https":
        return "must be an https address"
    if _is_loopback(host) or any(word in host for word in STANDIN_WORDS):
        return "points at a stand-in"
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
