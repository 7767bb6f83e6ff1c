"""Fetches the list of hospital units over HTTP."""

from typing import Any

import httpx

from portal.counterparts.errors import CounterpartDown


def fetch(address: str) -> Any:  # noqa: ANN401 - JSON of any shape, checked by the caller
    """The JSON at an address. Raises `CounterpartDown`."""
    try:
        response = httpx.get(address, timeout=10.0, trust_env=False)
        response.raise_for_status()
        return response.json()
    except (httpx.HTTPError, ValueError):
        raise CounterpartDown("unit_list") from None
