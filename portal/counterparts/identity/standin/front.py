"""What people see: the page where a test person is chosen, and the page that signs out."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from portal.counterparts.identity.standin import cast, config, state
from portal.counterparts.identity.standin.lever import levered
from portal.counterparts.identity.standin.providers import NO_ORGANISATION, ORGANISATIONS, Provider
from portal.counterparts.standins.person import Person
from portal.kernel import clock

_URN: Final = "urn:ietf:params:oauth:request_uri:"


@levered()
@require_GET
def authorize(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Show who can sign in. `acr` in the address lets a trial come back with a lower level than was asked for."""
    name = request.GET.get("request_uri", "").removeprefix(_URN)
    asked = provider.memory.requests.get(name)
    if asked is None or asked.client_id != request.GET.get("client_id"):
        return _trouble(request, provider, "Innloggingen er ikke bestilt, eller den er for gammel.")
    provider.memory.requests.put(asked, clock.real_now() + config.PAGE_LIVES, name)
    level = provider.level(request.GET.get("acr", ""), asked.level)
    chosen = request.GET.get("org", "") if provider.for_staff else ""
    session = provider.memory.sessions.get(request.COOKIES.get(provider.cookie, ""))
    words = {
        "client": provider.client,
        "groups": cast.groups(provider),
        "continue_as": cast.find(provider, session.slug) if session and _enough(session, asked, level) else None,
        "level": provider.levels[level],
        "lowered": level != asked.level,
        "levels": [
            (_here(provider, name, acr=code, org=chosen), text, code == level) for code, text in provider.levels.items()
        ],
        "organisations": _organisations(provider, name, level, chosen),
        "sign_in": f"{provider.issuer}/authorize/{name}/som",
        "cancel": f"{provider.issuer}/authorize/{name}/avbryt",
        "choices": urlencode({"acr": level} | ({"org": chosen} if chosen else {})),
    }
    return _page(request, provider, "identity/authorize.html", words)


@require_GET
def sign_in_as(request: HttpRequest, provider: Provider, name: str, slug: str) -> HttpResponse:
    """Sign in as the chosen person and go back to the service with a code. Each request is answered once."""
    person = cast.find(provider, slug)
    asked = provider.memory.requests.take(name) if person else None
    if person is None or asked is None:
        return _trouble(request, provider, "Innloggingen er allerede brukt, eller den er for gammel.")
    level = provider.level(request.GET.get("acr", ""), asked.level)
    fresh = state.Session(slug, level, _organisation(request, provider, person), clock.real_now())
    cookie, session = _session(request, provider, asked, fresh)
    session.clients.add(asked.client_id)
    grant = state.Grant(asked, slug, level, fresh.organisation, session.authenticated_at, session.sid)
    code = provider.memory.codes.put(grant, clock.real_now() + config.CODE_LIVES)
    response = _back(provider, asked, {"code": code})
    response.set_cookie(
        provider.cookie, cookie, httponly=True, samesite="Lax", path=provider.path, secure=provider.secure
    )
    return response


@require_GET
def cancel(request: HttpRequest, provider: Provider, name: str) -> HttpResponse:
    """Go back to the service without having signed in."""
    asked = provider.memory.requests.take(name)
    if asked is None:
        return _trouble(request, provider, "Innloggingen er allerede brukt, eller den er for gammel.")
    return _back(provider, asked, {"error": "access_denied", "error_description": "cancelled"})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Sign out everywhere: every service of the session is called in a frame, then the browser goes back."""
    said = request.POST if request.method == "POST" else request.GET
    session = provider.memory.sessions.take(request.COOKIES.get(provider.cookie, ""))
    client = provider.client_named(said.get("client_id", ""))
    wanted = said.get("post_logout_redirect_uri", "")
    return_to = wanted if client and wanted == client.signed_out_uri else ""
    if return_to and said.get("state"):
        return_to = f"{return_to}?{urlencode({'state': said['state']})}"
    frames = _frames(provider, session) if session else []
    if return_to and not frames:
        response: HttpResponse = HttpResponseRedirect(return_to)
    else:
        response = _page(request, provider, "identity/signed_out.html", {"frames": frames, "return_to": return_to})
        if return_to:
            response.headers["Refresh"] = f"1; url={return_to}"
    response.delete_cookie(provider.cookie, path=provider.path)
    return response


def _session(
    request: HttpRequest, provider: Provider, asked: state.Request, fresh: state.Session
) -> tuple[str, state.Session]:
    """The running session of the same person at the same level, or the new one; with the cookie's value."""
    running = provider.memory.sessions.take(request.COOKIES.get(provider.cookie, ""))
    if running is not None and running.slug == fresh.slug and _enough(running, asked, fresh.level):
        return provider.memory.sessions.put(running, state.session_until()), running
    return provider.memory.sessions.put(fresh, state.session_until()), fresh


def _enough(session: state.Session, asked: state.Request, level: str) -> bool:
    return session.level == level and not asked.fresh


def _organisation(request: HttpRequest, provider: Provider, person: Person) -> str:
    """The employer signed in for: the one chosen on the page, else the person's own; none at ID-porten."""
    if not provider.for_staff or request.GET.get("org") == NO_ORGANISATION:
        return ""
    chosen = request.GET.get("org", "")
    return chosen if chosen in ORGANISATIONS else person.organisation


def _organisations(provider: Provider, name: str, level: str, chosen: str) -> list[tuple[str, str, bool]]:
    if not provider.for_staff:
        return []
    choices = {"": "Den ansattes egen", **ORGANISATIONS, NO_ORGANISATION: "Uten organisasjon"}
    return [(_here(provider, name, acr=level, org=code), text, code == chosen) for code, text in choices.items()]


def _here(provider: Provider, name: str, **choices: str) -> str:
    """The sign-in page itself, with other choices made."""
    words = {"client_id": provider.client.client_id, "request_uri": _URN + name}
    return f"{provider.issuer}/authorize?{urlencode(words | {key: code for key, code in choices.items() if code})}"


def _back(provider: Provider, asked: state.Request, answer: dict[str, str]) -> HttpResponse:
    words = answer | {"state": asked.state, "iss": provider.issuer}
    response = HttpResponseRedirect(f"{asked.redirect_uri}?{urlencode(words)}")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _frames(provider: Provider, session: state.Session) -> list[str]:
    words = urlencode({"iss": provider.issuer, "sid": session.sid})
    return [f"{provider.client.frontchannel_logout}?{words}"] if session.clients else []


def _trouble(request: HttpRequest, provider: Provider, what: str) -> HttpResponse:
    response = _page(request, provider, "identity/trouble.html", {"what": what})
    response.status_code = 400
    return response


def _page(request: HttpRequest, provider: Provider, template: str, words: dict[str, object]) -> HttpResponse:
    response = render(request, template, words | {"provider": provider})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
