"""The look-up data pages are for operators who signed in like everyone else; there is no password page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from portal.people.models import Role
from portal.people.viewer import ask_to_sign_in, viewer_of
from portal.people.views import sign_out

View = Callable[..., HttpResponseBase]


class OperatorsAdminSite(AdminSite):
    """Signed out: to sign-in. Signed in without the role: the same 404 as a missing page."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Only operators."""
        viewer = viewer_of(request)
        return viewer is not None and Role.OPERATOR in viewer.roles

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: ANN401 - the framework's signature
        """Our own guard in front of the framework's, which would send people to its password page."""
        inner: View = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase:
            if viewer_of(request) is None:
                return ask_to_sign_in(request)
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """There is no such page."""
        raise Http404

    def logout(self, request: HttpRequest, extra_context: object = None) -> Any:  # noqa: ANN401 - redirects too
        """The portal's own sign-out, which also ends the session at ID-porten."""
        return sign_out(request)
