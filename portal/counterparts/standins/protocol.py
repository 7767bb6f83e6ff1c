"""What every call from the portal passes through: a check of its signature, and that counterpart's lever."""

import time
from collections.abc import Callable, Iterator
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse

from portal.counterparts import signing
from portal.counterparts.standins import behave
from portal.counterparts.standins.behave import Behaviour

View = Callable[[HttpRequest, Behaviour], HttpResponse]
Endpoint = Callable[[HttpRequest], HttpResponseBase]

GARBAGE = "<html><body>\u0000 proxy says hello"
PROMISED_BYTES = "4096"


def refusal(status: int, code: str, text: str = "") -> JsonResponse:
    """An answer outside 2xx with a reason that a machine can keep."""
    return JsonResponse({"code": code, "detail": text}, status=status)


def protocol(
    counterpart: str, *, works: Callable[[HttpRequest], bool], counts: bool = True
) -> Callable[[View], Endpoint]:
    """An endpoint of a counterpart's own protocol. `works` tells which calls do its work, and so meet every lever.

    One that is polled all the time meets the levers without using them up (`counts=False`).
    """

    def decorate(view: View) -> Endpoint:
        @wraps(view)
        def endpoint(request: HttpRequest) -> HttpResponseBase:
            if not knows_the_secret(request):
                return refusal(401, "bad_signature")
            behaviour = behave.take(counterpart, works=works(request)) if counts else behave.current(counterpart)
            return instead_of_work(behaviour) or spoilt(behaviour, view(request, behaviour))

        return endpoint

    return decorate


def always(_request: HttpRequest) -> bool:
    """Every call of this endpoint does the counterpart's work."""
    return True


def posts(request: HttpRequest) -> bool:
    """Only POST does the counterpart's work; GET looks."""
    return request.method == "POST"


def knows_the_secret(request: HttpRequest) -> bool:
    """Whether the call is signed with the shared secret."""
    try:
        signing.verify(settings.COUNTERPART_SECRET, request.headers, request.body)
    except signing.BadSignature:
        return False
    return True


def instead_of_work(behaviour: Behaviour) -> HttpResponseBase | None:
    """What a misbehaving counterpart answers before doing anything; None where it goes on to work."""
    if behaviour.mode in ("slow", "hang"):
        time.sleep(behaviour.seconds)
    if behaviour.mode == "hang":
        return cut_connection()
    if behaviour.mode == "down":
        return refusal(503, "down")
    if behaviour.mode == "error":
        return refusal(500, "error")
    if behaviour.mode == "reject":
        return refusal(422, "rejected")
    return None


def spoilt(behaviour: Behaviour, answer: HttpResponse) -> HttpResponseBase:
    """The answer as it reaches the portal after the work is done."""
    if behaviour.mode == "garbage":
        return HttpResponse(GARBAGE, content_type="text/html")
    if behaviour.mode == "accept_then_drop_reply":
        return cut_connection()
    return answer


def cut_connection() -> HttpResponseBase:
    """An answer that promises more bytes than it gives, so that the server cuts the connection in the middle."""

    def one_byte() -> Iterator[bytes]:
        yield b"{"

    return StreamingHttpResponse(
        one_byte(), content_type="application/json", headers={"Content-Length": PROMISED_BYTES}
    )


def health(counterpart: str) -> Endpoint:
    """An endpoint that tells whether the counterpart would answer. It meets the levers without using them up."""

    def endpoint(request: HttpRequest) -> HttpResponseBase:
        if not knows_the_secret(request):
            return refusal(401, "bad_signature")
        behaviour = behave.current(counterpart)
        if behaviour.mode not in behave.ANY_CALL:
            behaviour = behave.OK
        answer = JsonResponse({"ok": True, "standin": True})
        return instead_of_work(behaviour) or spoilt(behaviour, answer)

    return endpoint
