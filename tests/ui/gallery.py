"""Every page and component with sample data, for the browser to look at. An address list of its own: `urls` below."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from portal.kernel import clock
from portal.ui import dates
from portal.ui.cards import (
    Cell,
    Choice,
    Enclosure,
    Inbox,
    LetterRow,
    LetterSheet,
    Stat,
    Table,
    TaskCard,
    TimelineEntry,
    turner,
)
from portal.ui.forms import PortalForm

LONG = "Forberedelser før magnetresonanstomografiundersøkelse med kontrastvæske og narkose i Kárášjohka"
UNIT = "Ortopedisk poliklinikk, Universitetssykehuset Nord-Norge Tromsø"
BODY = """<p>Hei Kari</p><p>Du har fått time til <strong>undersøkelse av kneet</strong>.</p>
<h2>Slik forbereder du deg</h2><ul><li>Ta med liste over medisiner.</li><li>Gi beskjed senest 24 timer før.</li></ul>
<table><tr><th>Gruppe</th><th>Egenandel</th></tr><tr><td>Voksne</td><td>405 kroner</td></tr></table>
<p>Vennlig hilsen<br>Ortopedisk poliklinikk</p>"""


@dataclass
class SampleViewer:
    """Someone signed in, without a database."""

    display_name: str = "Kari Åse Nordli-Šuoŋŋá"
    roles: frozenset[str] = frozenset()
    person_id: UUID = field(default_factory=uuid4)
    language: str = ""


def shown(
    template: str,
    words: Callable[[], dict[str, Any]],
    *,
    signed_in: bool = True,
    seconds: int = 1800,
    staff: bool = False,
) -> Callable[[HttpRequest], HttpResponse]:
    """A view that shows one template to a sample viewer."""

    @transaction.non_atomic_requests
    def view(request: HttpRequest) -> HttpResponse:
        roles = frozenset({"clerk"}) if staff else frozenset[str]()
        ends_at = clock.real_now() + timedelta(seconds=seconds)
        vars(request).update(viewer=SampleViewer(roles=roles) if signed_in else None, session_ends_at=ends_at)
        return render(request, template, words())

    return view


def _row(**other: Any) -> LetterRow:
    words: dict[str, Any] = {"url": "/", "title": "Endret time", "sender": UNIT, "date_text": "20. november 2026"}
    return LetterRow(**(words | other))


def _inbox() -> dict[str, Any]:
    rows = [
        _row(
            unread=True,
            deadline_text="Åpne innen mandag 23. november, ellers sender vi det i posten",
            deadline_near=True,
        ),
        _row(title=LONG, unread=True),
        _row(state_text="Også sendt i posten", state_tone="info"),
        _row(state_text="Trukket tilbake", state_tone="warning"),
    ]
    pages = turner(Paginator(range(470), 20).page(4), lambda number: f"?side={number}")
    choices = [Choice("Alle", "/", current=True, count=470), Choice("Uleste", "/", current=False, count=2)]
    return {"inbox": Inbox(rows=rows, choices=choices, result_text="Viser 61–80 av 470 brev", pages=pages)}


def _empty_inbox() -> dict[str, Any]:
    choices = [Choice("Alle", "/", current=True)]
    text = "Når sykehuset sender deg brev, finner du dem her."
    return {
        "inbox": Inbox(rows=[], choices=choices, result_text="", empty_heading="Du har ingen brev", empty_text=text)
    }


def _timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(what="Brevet kom hit", when_text="20. november kl. 09.12", icon="envelope-closed"),
        TimelineEntry(what="SMS kom ikke frem", when_text="kl. 09.15", tone="danger", icon="exclamationmark-triangle"),
        TimelineEntry(what="Åpnet", when_text="kl. 10.15", tone="success", actor="Kari Nordli", detail="På skjerm"),
    ]


def _letter() -> dict[str, Any]:
    letter = LetterSheet(
        title=LONG,
        sender=UNIT,
        date_text="20. november 2026",
        body=BODY,
        receipt_text=f"Du åpnet brevet {dates.moment(clock.now())}. Det blir ikke sendt i posten.",
        todo=["Møt opp mandag 30. november kl. 10.15", "Si fra senest 24 timer før"],
        pdf_url="/brev.pdf",
        pdf_size_text="84 kB",
        enclosures=[Enclosure("Kart over sykehuset", "/kart.pdf", "210 kB")],
        timeline=_timeline(),
        contact_text="Ring avdelingen på",
        contact_phone="77 62 60 00",
        contact_link="tel:+4777626000",
    )
    return {"letter": letter}


def _front() -> dict[str, Any]:
    near = TaskCard(
        title=f"Les brevet «{LONG}»",
        url="/",
        sender=UNIT,
        icon="envelope-closed",
        deadline_text="Åpne innen i morgen, ellers sender vi det i posten",
        deadline_near=True,
    )
    return {"greeting": "Hei, Kari", "today_text": dates.day(clock.today()), "tasks": [near]}


def _calm_front() -> dict[str, Any]:
    return _front() | {"tasks": []}


class SampleForm(PortalForm):
    """One field of each kind."""

    name = forms.CharField(label="Navn", max_length=5)
    email = forms.EmailField(label="E-post", required=False, help_text="Slik at vi kan svare deg.")
    day = forms.DateField(label="Dato", widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(label="Melding", widget=forms.Textarea)
    agreed = forms.BooleanField(label="Jeg forstår")
    hospital = forms.ChoiceField(label="Sykehus", choices=[("a", "UNN Tromsø")])
    sprak = forms.ChoiceField(label="Språk", choices=[("nb", "Bokmål"), ("se", "Sápmi")], widget=forms.RadioSelect)
    about = forms.MultipleChoiceField(
        label="Hva gjelder det?", choices=[("a", "Time"), ("b", "Brev")], widget=forms.CheckboxSelectMultiple
    )


def _form_with_errors() -> dict[str, Any]:
    return {"form": SampleForm({"name": "altfor langt", "email": "x", "day": "1/1", "hospital": "b"})}


def _staff() -> dict[str, Any]:
    row = [Cell("Innkalling", "/"), Cell("Nordli, Kari (44)"), Cell("Holdt", tone="warning"), Cell("3", number=True)]
    columns: list[Any] = ["Brev", "Innbygger", "Status", "Dager"]
    return {
        "stats": [
            Stat(label="Uleste", value="1 204", note="eldste 3 dager"),
            Stat(label="Forfalt, ikke sendt", value="2", tone="danger", url="/"),
        ],
        "tables": [
            Table(caption="Brev som venter på noen", columns=columns, rows=[row, row]),
            Table(caption="Returpost", columns=columns, rows=[], empty_text="Ingen brev i retur"),
        ],
        "entries": _timeline(),
    }


@transaction.non_atomic_requests
def fails(request: HttpRequest) -> HttpResponse:
    """Something nobody thought of."""
    raise RuntimeError("gallery")


@transaction.non_atomic_requests
def is_bad(request: HttpRequest) -> HttpResponse:
    """A request that cannot be read."""
    raise BadRequest("gallery")


@transaction.non_atomic_requests
def is_forbidden(request: HttpRequest) -> HttpResponse:
    """A page for a role the viewer does not have."""
    raise PermissionDenied


@transaction.non_atomic_requests
def time_left(request: HttpRequest) -> HttpResponse:
    """What the sign-in part answers to the session warning: a little, or half an hour again after "Fortsett"."""
    seconds = 1800 if request.path.endswith("fortsett/") else 100
    return JsonResponse({"signed_in": True, "seconds": seconds, "can_extend": True})


PAGES = {
    "welcome": shown("site/welcome.html", dict, signed_in=False),
    "front": shown("site/front.html", _front),
    "calm-front": shown("site/front.html", _calm_front),
    "inbox": shown("letters/inbox.html", _inbox),
    "empty-inbox": shown("letters/inbox.html", _empty_inbox),
    "letter": shown("letters/letter.html", _letter),
    "form": shown("site/settings.html", _form_with_errors),
    "about": shown("site/about.html", dict),
    "privacy": shown("site/privacy.html", dict),
    "accessibility": shown("site/accessibility.html", dict, signed_in=False),
    "staff": shown("gallery_staff.html", _staff, staff=True),
    "session": shown("site/front.html", _front, seconds=100),
    "500": fails,
    "400": is_bad,
    "403": is_forbidden,
}
urlpatterns = [
    path("galleri/", include([path(f"{name}/", view, name=f"gallery-{name}") for name, view in PAGES.items()])),
    path("logg-inn/tid-igjen/", time_left),
    path("innsyn/fortsett/", time_left),
    path("", include("portal.config.urls")),
]
handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.forbidden"
handler404 = "portal.ui.errors.not_found"
handler500 = "portal.ui.errors.server_error"
