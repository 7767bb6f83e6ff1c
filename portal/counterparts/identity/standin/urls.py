"""Addresses of both providers: ID-porten at /identity/, HelseID at /identity/helseid/."""

from django.urls import URLPattern, include, path

from portal.counterparts.identity.standin import back, front
from portal.counterparts.identity.standin.providers import HELSEID, IDPORTEN, Provider


def addresses(provider: Provider) -> list[URLPattern]:
    """Every address of one provider, under its issuer."""
    whose = {"provider": provider}
    return [
        path(".well-known/openid-configuration", back.description, whose),
        path("jwks", back.keys, whose),
        path("par", back.push, whose),
        path("token", back.token, whose),
        path("userinfo", back.userinfo, whose),
        path("authorize", front.authorize, whose),
        path("authorize/<str:name>/som/<slug:slug>", front.sign_in_as, whose),
        path("authorize/<str:name>/avbryt", front.cancel, whose),
        path("endsession", front.end_session, whose),
    ]


urlpatterns = [path("helseid/", include(addresses(HELSEID))), *addresses(IDPORTEN)]
