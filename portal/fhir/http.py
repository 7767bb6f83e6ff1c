"""Fetches a client system's public keys from the address it was registered with."""

import json

import httpx
from django.conf import settings

from portal.fhir.strict_json import Json
from portal.kernel.errors import RetryableError

_SECONDS = 4.0
_CONNECT_SECONDS = 2.0
_MOST_BYTES = 100_000


class KeysUnavailable(RetryableError):
    """The address gave no key set. Codes: `plain-http`, `no-answer`, `not-a-key-set`."""


def fetch_keys(url: str) -> Json:
    """The JSON at the address; no redirects, no proxies, a few seconds, 100 kB. Raises `KeysUnavailable`."""
    if not url.startswith("https://") and not settings.OAUTH_KEYS_OVER_PLAIN_HTTP:
        raise KeysUnavailable("plain-http")
    try:
        return json.loads(_download(url))
    except (httpx.HTTPError, httpx.InvalidURL):
        raise KeysUnavailable("no-answer") from None
    except (ValueError, RecursionError):
        raise KeysUnavailable("not-a-key-set") from None


def _download(url: str) -> bytes:
    timeout = httpx.Timeout(_SECONDS, connect=_CONNECT_SECONDS)
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream("GET", url, headers={"Accept": "application/json"}) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise KeysUnavailable("no-answer")
        received = bytearray()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > _MOST_BYTES:
                raise KeysUnavailable("not-a-key-set")
    return bytes(received)
