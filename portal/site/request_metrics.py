"""Counts and times requests by route, never by address, in each web process for itself."""

import os
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram

Handler = Callable[[HttpRequest], HttpResponse]
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

registry = CollectorRegistry(auto_describe=True)
_seconds = Histogram(
    "portal_request_seconds",
    "Time to answer, by route, method and status class. Each web process counts for itself: sum over `process`.",
    ("process", "route", "method", "status"),
    buckets=BUCKETS,
    registry=registry,
)


class RequestMetrics:
    """Measures every request. The outermost middleware, so that the others' time is counted too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note how long that took."""
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        method = request.method if request.method in METHODS else "other"
        status = f"{response.status_code // 100}xx"
        _seconds.labels(str(os.getpid()), route, method, status).observe(time.perf_counter() - started)
        return response
