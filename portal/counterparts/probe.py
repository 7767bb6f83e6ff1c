"""Asks one counterpart, briefly, whether it answers and knows our credentials."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from portal.counterparts.client import CounterpartClient
from portal.counterparts.errors import CounterpartDown
from portal.kernel.errors import PortalError

PROBE_SECONDS = 2.0


@dataclass(frozen=True)
class CounterpartHealth:
    """How one counterpart is right now. `name` is a machine word, `title` and `detail` are for an operator to read."""

    name: str
    title: str
    ok: bool
    detail: str
    milliseconds: int


def probe(
    *, name: str, title: str, address_setting: str, path: str = "health", signed: bool = True
) -> CounterpartHealth:
    """Ask the counterpart whose address stands in a setting. Never raises; waits two seconds at most per step."""
    address = getattr(settings, address_setting, "")
    if not address:
        detail = _("%(setting)s mangler i innstillingene") % {"setting": address_setting}
        return CounterpartHealth(name, title, False, detail, 0)
    secret = settings.COUNTERPART_SECRET if signed else ""
    started = time.perf_counter()
    detail = _ask(CounterpartClient(base_url=address, secret=secret, seconds=PROBE_SECONDS), path)
    spent = round((time.perf_counter() - started) * 1000)
    return CounterpartHealth(name, title, not detail, detail or _("Svarer"), spent)


def _ask(client: CounterpartClient, path: str) -> str:
    """What is wrong, in words; empty where nothing is."""
    try:
        with client:
            standin = client.read("GET", path, parse=lambda answer: "standin" in answer and bool(answer["standin"]))
    except CounterpartDown as failure:
        return _in_words(failure.code)
    except PortalError as failure:
        return _("Avviser oss (%(code)s)") % {"code": failure.code}
    if standin and settings.PORTAL_ENV == "production":
        return _("Dette er en stedfortreder, ikke den ekte parten")
    return ""


def _in_words(code: str) -> str:
    words = {
        "connect_error": _("Tar ikke imot forbindelsen"),
        "connect_timeout": _("Tar ikke imot forbindelsen"),
        "read_timeout": _("Svarer ikke i tide"),
        "http_401": _("Godtar ikke hemmeligheten vår"),
        "http_403": _("Godtar ikke hemmeligheten vår"),
        "http_503": _("Er ute av drift"),
        "unreadable_answer": _("Svarer noe vi ikke forstår"),
        "wrong_address": _("Finnes ikke på adressen vi har"),
    }
    return words.get(code) or _("Svarer ikke (%(code)s)") % {"code": code}
