"""What services call behind the browser's back: description, keys, pushed requests, tokens, user information."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from portal.counterparts.identity.standin import cast, checks, config, proofs, state, tokens
from portal.counterparts.identity.standin.checks import OAuthError
from portal.counterparts.identity.standin.lever import levered
from portal.counterparts.identity.standin.providers import Provider
from portal.counterparts.standins.person import Person
from portal.kernel import clock

View = Callable[[HttpRequest, Provider], HttpResponse]


def in_protocol(view: View) -> View:
    """Refusals as the protocol's JSON."""

    @wraps(view)
    def answered(request: HttpRequest, provider: Provider) -> HttpResponse:
        try:
            response = view(request, provider)
        except OAuthError as refused:
            words = {"error": refused.error, "error_description": refused.description}
            response = JsonResponse(words, status=refused.status)
            if refused.status == 401 and provider.bound:
                response.headers["WWW-Authenticate"] = f'DPoP error="{refused.error}"'
        proofs.give_nonce(provider, response)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


@levered(counts=False)
@require_GET
def description(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The provider's description of itself."""
    return JsonResponse(
        {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "pushed_authorization_request_endpoint": f"{provider.issuer}/par",
            "token_endpoint": f"{provider.issuer}/token",
            "userinfo_endpoint": f"{provider.issuer}/userinfo",
            "jwks_uri": f"{provider.issuer}/jwks",
            "end_session_endpoint": f"{provider.issuer}/endsession",
            "require_pushed_authorization_requests": True,
            "authorization_response_iss_parameter_supported": True,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": checks.ALGORITHMS,
            "code_challenge_methods_supported": ["S256"],
            **({"dpop_signing_alg_values_supported": checks.ALGORITHMS} if provider.bound else {}),
            "acr_values_supported": list(reversed(list(provider.levels))),
            "scopes_supported": list(provider.scopes),
            "prompt_values_supported": ["login"],
            "ui_locales_supported": ["nb", "nn", "en", "se"],
            "frontchannel_logout_supported": True,
            "frontchannel_logout_session_supported": True,
        }
    )


@levered(counts=False)
@require_GET
def keys(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The keys that tokens are checked with."""
    return JsonResponse(tokens.public_keys())


@csrf_exempt
@levered()
@require_POST
@in_protocol
def push(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Take in a request before the browser comes (RFC 9126)."""
    form = request.POST.dict()
    client = checks.authenticated_client(provider, form)
    key = proofs.proven_key(provider, request)
    asked = replace(checks.request_from(provider, form, client), key=key)
    name = provider.memory.requests.put(asked, clock.real_now() + config.REQUEST_LIVES)
    seconds = int(config.REQUEST_LIVES.total_seconds())
    uri = f"urn:ietf:params:oauth:request_uri:{name}"
    return JsonResponse({"request_uri": uri, "expires_in": seconds}, status=201)


@csrf_exempt
@levered()
@require_POST
@in_protocol
def token(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Change a code, once, into tokens."""
    form = request.POST.dict()
    client = checks.authenticated_client(provider, form)
    key = proofs.proven_key(provider, request)
    if form.get("grant_type") != "authorization_code":
        raise OAuthError("unsupported_grant_type", "only authorization_code is spoken here")
    grant = provider.memory.codes.take(form.get("code", ""))
    if grant is None or grant.request.client_id != client.client_id:
        raise OAuthError("invalid_grant", "the code is unknown, used or too old")
    if key != grant.request.key:
        raise OAuthError("invalid_grant", "the code is bound to another key")
    if form.get("redirect_uri") != grant.request.redirect_uri:
        raise OAuthError("invalid_grant", "redirect_uri is not the one the code was sent to")
    if not checks.verifier_fits(form.get("code_verifier", ""), grant.request.challenge):
        raise OAuthError("invalid_grant", "code_verifier does not fit")
    access = provider.memory.access_tokens.put(grant, clock.real_now() + config.TOKEN_LIVES)
    return JsonResponse(
        {
            "access_token": access,
            "token_type": "DPoP" if provider.bound else "Bearer",
            "expires_in": int(config.TOKEN_LIVES.total_seconds()),
            "scope": " ".join(sorted(grant.request.scope)),
            "id_token": tokens.id_token(provider, grant, _person_of(provider, grant)),
        }
    )


@levered()
@require_GET
@in_protocol
def userinfo(request: HttpRequest, provider: Provider) -> HttpResponse:
    """What is told to whoever holds an access token."""
    kind, _, access = request.headers.get("Authorization", "").partition(" ")
    grant = provider.memory.access_tokens.get(access) if kind == ("DPoP" if provider.bound else "Bearer") else None
    if grant is None:
        raise OAuthError("invalid_token", "the access token is unknown or too old", 401)
    if proofs.proven_key(provider, request, access_token=access) != grant.request.key:
        raise OAuthError("invalid_token", "the access token is bound to another key", 401)
    return JsonResponse(tokens.user_info(provider, grant, _person_of(provider, grant)))


def _person_of(provider: Provider, grant: state.Grant) -> Person:
    person = cast.find(provider, grant.slug)
    if person is None:
        raise OAuthError("invalid_grant", "the person can no longer sign in")
    return person
