"""Lets an operator of the demo make a provider misbehave, like every other counterpart."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from portal.counterparts.identity.standin.providers import Provider
from portal.counterparts.standins import behave
from portal.counterparts.standins.protocol import instead_of_work, spoilt

P = ParamSpec("P")


def levered(
    *, counts: bool = True
) -> Callable[
    [Callable[Concatenate[HttpRequest, Provider, P], HttpResponse]],
    Callable[..., HttpResponseBase],
]:
    """A view that meets the levers. Descriptions and keys meet them without using them up, since others poll them."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Provider, P], HttpResponse],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, provider: Provider, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            behaviour = behave.take(provider.lever, works=True) if counts else behave.current(provider.lever)
            return instead_of_work(behaviour) or spoilt(behaviour, view(request, provider, *args, **kwargs))

        return answered

    return decorate
