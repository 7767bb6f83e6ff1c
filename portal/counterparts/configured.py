"""Makes adapters from the addresses in the settings, once per process and address."""

from functools import lru_cache

from django.conf import settings

from portal.counterparts.client import CounterpartClient

SECONDS = 10.0
"""How long an answer may take: under the workers' time limits, over what a slow register needs."""


def client_for(address_setting: str, *, seconds: float | None = None) -> CounterpartClient:
    """The shared client of the counterpart whose address stands in this setting.

    `seconds` is for callers with less patience than usual: somebody waits for them.
    """
    usual = float(getattr(settings, "COUNTERPART_SECONDS", SECONDS))
    patience = usual if seconds is None else min(seconds, usual)
    return _client(getattr(settings, address_setting), settings.COUNTERPART_SECRET, patience)


@lru_cache(maxsize=32)
def _client(base_url: str, secret: str, seconds: float) -> CounterpartClient:
    return CounterpartClient(base_url=base_url, secret=secret, seconds=seconds)
