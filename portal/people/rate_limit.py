"""How often one address may knock on the doors of sign-in in a minute.

Hospitals reach us through a handful of addresses, so the limit is generous: it stops a machine, not a ward. The count
lives in Redis; where that is away or emptied nothing is counted, and nobody is kept out.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.fhir.limits import within_limit
from portal.people.openid.refusals import refusal_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
RETRY_AFTER: Final = "60"


def rate_limited(view: View[P]) -> View[P]:
    """Answers 429 in plain words once an address has used up its minute."""

    @wraps(view)
    def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if within_limit("sign-in", client_address(request), settings.SIGN_IN_REQUESTS_PER_MINUTE):
            return view(request, *args, **kwargs)
        response = refusal_page(request, "too_many")
        response.headers["Retry-After"] = RETRY_AFTER
        return response

    return counted


def client_address(request: HttpRequest) -> str:
    """Who calls. Behind proxies of our own it is what the outermost of them wrote down, never what a client claims."""
    hops: int = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(told) >= hops:
        return told[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))
