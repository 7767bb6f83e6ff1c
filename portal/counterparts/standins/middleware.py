"""Marks every answer as a stand-in's, and lets none be kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class Marked:
    """Adds `X-Stand-In: 1` and `Cache-Control: no-store`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, marked."""
        response = self.get_response(request)
        response["X-Stand-In"] = "1"
        response.setdefault("Cache-Control", "no-store")
        return response
