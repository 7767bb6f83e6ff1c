"""`POST /<counterpart>/behave` and `POST /clock`: from a program as JSON, from a page as a form."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from portal.counterparts.standins import behave, clock_lever, messages, print_orders
from portal.counterparts.standins.asked import BadInput, is_form, values
from portal.counterparts.standins.behave import BadLever
from portal.counterparts.standins.protocol import refusal

COUNTERPARTS: tuple[tuple[str, str, str], ...] = (
    ("identity", "ID-porten", "Innlogging"),
    ("helseid", "HelseID", "Innlogging for ansatte"),
    ("contact-register", "Kontakt- og reservasjonsregisteret", "Hvem kan varsles, og hvor"),
    ("population-register", "Folkeregisteret", "Navn, adresse, familie"),
    ("print", "Trykkeriet", "Brev på papir"),
    ("sms", "SMS-leverandøren", "Varsler på SMS"),
    ("email", "E-postleverandøren", "Varsler på e-post"),
    ("record-system", "Journalsystemet", "Svar tilbake til sykehuset"),
)
FORGETFUL: dict[str, Callable[[], None]] = {
    "print": print_orders.forget_all_keys,
    "sms": lambda: messages.forget_all_keys("sms"),
    "email": lambda: messages.forget_all_keys("email"),
}


@require_POST
def behave_now(request: HttpRequest, counterpart: str) -> HttpResponse:
    """Let a counterpart behave so from now on."""
    if counterpart not in {name for name, _title, _what in COUNTERPARTS}:
        return refusal(404, "unknown_counterpart")
    try:
        wish = behave.wish(values(request))
    except (BadInput, BadLever) as fault:
        return refusal(400, "bad_input", str(fault))
    if wish.mode == "forget_keys" and counterpart in FORGETFUL:
        FORGETFUL[counterpart]()
    behave.set_behaviour(counterpart, wish)
    if is_form(request):
        return _back(request, "/levers")
    return JsonResponse({"counterpart": counterpart, "mode": wish.mode, "times": wish.times, "seconds": wish.seconds})


@require_http_methods(["GET", "HEAD", "POST"])
def clock_now(request: HttpRequest) -> HttpResponse:
    """The shared clock: as JSON, or as a page for a browser."""
    for_people = "text/html" in request.headers.get("Accept", "")
    if request.method == "POST":
        try:
            clock_lever.move(values(request))
        except BadInput as fault:
            if is_form(request) and for_people:
                return render(request, "standins/clock.html", {"page": "clock", "fault": str(fault)}, status=400)
            return refusal(400, "bad_input", str(fault))
        if is_form(request):
            return _back(request, "/clock")
    if request.method != "POST" and for_people:
        return render(request, "standins/clock.html", {"page": "clock", "fault": ""})
    return JsonResponse(clock_lever.shown())


def _back(request: HttpRequest, usual: str) -> HttpResponse:
    """Back to one of our own pages."""
    wanted = request.POST.get("back", usual)
    safe = wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else usual
    response = HttpResponseRedirect(safe)
    response.status_code = 303
    return response
