"""Knows a client system by its token."""

import re

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.fhir import tokens

_BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*) *", re.IGNORECASE)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer …` (RFC 6750); tokens in addresses and forms are not read."""

    def authenticate(self, request: Request) -> tuple[tokens.Sender, None] | None:
        """The sender; None without the header. Raises `AuthenticationFailed` (401)."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        match = _BEARER.fullmatch(header)
        sender = tokens.find(match[1]) if match else None
        if sender is None:
            raise AuthenticationFailed
        return sender, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 says in `WWW-Authenticate`."""
        sent = bool(request.META.get("HTTP_AUTHORIZATION"))
        return 'Bearer realm="fhir", error="invalid_token"' if sent else 'Bearer realm="fhir"'
