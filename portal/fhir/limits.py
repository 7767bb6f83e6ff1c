"""How often one system may call in a minute.

The count lives in Redis and is atomic. Where Redis does not answer the call is let through: the limit protects
against a client gone astray, not against guessing (keys and tokens are not guessable), and letters must not stop
because the doorbell is out of order. After one failure this process counts nothing for a while, so that one call in
many waits for a Redis that hangs, and not each of them.
"""

import hashlib
import logging
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.kernel import clock

if TYPE_CHECKING:
    from rest_framework.views import APIView

_log = logging.getLogger(__name__)
_MINUTE = 60
_QUIET_AFTER_FAILURE = 15.0

_quiet_until = 0.0


def within_limit(what: str, who: str, per_minute: int) -> bool:
    """Count one call and say whether it is still within the limit of this clock minute."""
    global _quiet_until
    if monotonic() < _quiet_until:
        return True
    minute = int(clock.real_now().timestamp()) // _MINUTE
    key = f"limit:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}:{minute}"
    try:
        cache.add(key, 0, timeout=2 * _MINUTE)
        return cache.incr(key) <= per_minute
    except Exception as error:  # whatever the cache raises when it is away
        _quiet_until = monotonic() + _QUIET_AFTER_FAILURE
        _log.warning("rate limit not counted: %s", type(error).__name__)
        return True


class RequestsPerMinute(BaseThrottle):
    """Counts calls behind /fhir/ by client, or by address before anybody has signed in."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether this call may go on."""
        caller = getattr(request.user, "client_id", "") or f"address {request.META.get('REMOTE_ADDR', '')}"
        return within_limit("fhir", caller, settings.FHIR_REQUESTS_PER_MINUTE)

    def wait(self) -> float | None:
        """Seconds until the next clock minute."""
        return _MINUTE - clock.real_now().timestamp() % _MINUTE
