"""Asks the token whether it allows what the view is about to do."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.fhir import scopes
from portal.fhir.tokens import Sender

if TYPE_CHECKING:
    from rest_framework.views import APIView

Need = tuple[str, str]
"""A resource type and a letter of `cruds`."""


class HasScope(BasePermission):
    """The view names, for each method, the interactions of which the token must allow one.

    A method that is not named is answered 405, so a new handler cannot be open by oversight.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the token reaches far enough; without a token the answer becomes 401."""
        if not isinstance(request.user, Sender):
            return False
        needs: Mapping[str, Sequence[Need]] = getattr(view, "needs", {})
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in needs:
            raise MethodNotAllowed(method)
        granted = request.user.scopes
        return any(scopes.allowed(granted, resource, letter) for resource, letter in needs[method])
