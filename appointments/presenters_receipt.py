"""Receipts: what was asked, when, and what comes next. The words change once the hospital has answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from appointments import presenters
from appointments.cards import Note, Receipt, Row
from appointments.models import Appointment, Request
from appointments.states import Asked
from portal.ui import dates
from portal.ui.cards import Action, Text, Tone

Kind = Request.Kind


@dataclass(frozen=True, slots=True)
class Words:
    """The heading, and what comes next."""

    heading: Text
    happened: Text
    steps: tuple[Text, ...] = ()
    tone: Tone = "success"


_ANSWER: Final = _lazy("Vi gir beskjed når sykehuset har svart.")
_OLD_COUNTS: Final = _lazy("Den gamle timen gjelder til sykehuset har svart.")
_WAITING: Final[Mapping[str, Words]] = {
    Kind.BOOK: Words(
        _lazy("Vi har bedt sykehuset om timen"),
        _lazy("Timen er holdt av for deg mens sykehuset svarer."),
        (_lazy("Timen er avtalt når sykehuset har svart ja."), _ANSWER),
    ),
    Kind.MOVE: Words(
        _lazy("Vi har bedt sykehuset om å flytte timen"),
        _lazy("Den nye timen er holdt av for deg mens sykehuset svarer."),
        (_OLD_COUNTS, _ANSWER),
    ),
    Kind.CANCEL: Words(
        _lazy("Vi har sagt fra om at du vil avlyse"),
        _lazy("Sykehuset får beskjed nå."),
        (_lazy("Timen er avlyst når sykehuset har svart."), _ANSWER),
    ),
    Kind.CONFIRM: Words(
        _lazy("Takk for at du bekreftet"),
        _lazy("Sykehuset får vite at timen passer."),
        (_lazy("Du trenger ikke å gjøre mer."),),
    ),
    Kind.SHORT_NOTICE: Words(
        _lazy("Vi har sagt fra at det passer på kort varsel"),
        _lazy("Timen er som før."),
        (_lazy("Blir en time ledig tidligere, kan sykehuset ringe."),),
    ),
    Kind.VIDEO: Words(
        _lazy("Vi har spurt om timen kan være på video"),
        _lazy("Timen er som før til sykehuset har svart."),
        (_ANSWER,),
    ),
    Kind.YOUTH_WISH: Words(
        _lazy("Vi har sendt ønsket ditt"),
        _lazy("Bare du og de som jobber der, vet om det. Foreldrene dine ser det ikke her."),
        (_lazy("De som jobber der, tar kontakt med deg."),),
    ),
}
_ACCEPTED: Final[Mapping[str, Words]] = {
    Kind.BOOK: Words(_lazy("Timen er avtalt"), _lazy("Sykehuset har svart ja.")),
    Kind.MOVE: Words(_lazy("Timen er flyttet"), _lazy("Sykehuset har svart ja. Den nye timen gjelder.")),
    Kind.CANCEL: Words(_lazy("Timen er avlyst"), _lazy("Sykehuset har avlyst timen. Ikke møt opp til den.")),
    Kind.CONFIRM: _WAITING[Kind.CONFIRM],
    Kind.SHORT_NOTICE: Words(
        _lazy("Sykehuset vet at det passer på kort varsel"), _lazy("De kan ringe hvis en time blir ledig tidligere.")
    ),
    Kind.VIDEO: Words(_lazy("Timen blir på video"), _lazy("Sykehuset har svart ja.")),
    Kind.YOUTH_WISH: Words(_lazy("Du har fått svar"), _lazy("De som jobber der, har svart deg.")),
}
_REFUSED: Final[Mapping[str, Words]] = {
    Kind.BOOK: Words(
        _lazy("Sykehuset kunne ikke gi deg timen"), _lazy("Velg en annen time, eller ring."), (), "warning"
    ),
    Kind.MOVE: Words(
        _lazy("Sykehuset kunne ikke flytte timen"), _lazy("Timen du hadde, gjelder som før."), (), "warning"
    ),
    Kind.CANCEL: Words(
        _lazy("Sykehuset kunne ikke avlyse timen"), _lazy("Ring avdelingen hvis du ikke kan komme."), (), "warning"
    ),
    Kind.CONFIRM: Words(_lazy("Sykehuset fikk ikke bekreftelsen"), _lazy("Timen er som før."), (), "warning"),
    Kind.SHORT_NOTICE: Words(
        _lazy("Sykehuset har ingen liste for kort varsel"), _lazy("Timen er som før."), (), "warning"
    ),
    Kind.VIDEO: Words(_lazy("Timen kan ikke være på video"), _lazy("Møt opp som avtalt."), (), "warning"),
    Kind.YOUTH_WISH: Words(
        _lazy("De kunne ikke gi deg time"), _lazy("Ring hvis du vil snakke med noen."), (), "warning"
    ),
}
_WITHDRAWN: Final = Words(_lazy("Du har trukket det tilbake"), _lazy("Timen er som før."), (), "info")


def receipt(request: Request, with_it: Sequence[Appointment] = ()) -> Receipt:
    """What became of one request, as it stands now; the same however often the form was sent.

    `with_it` are the parts that were cancelled with the same form.
    """
    words = _words(request)
    appointment = request.appointment
    moved = request.reservation if request.kind == Kind.MOVE and request.state != Asked.ACCEPTED else None
    return Receipt(
        heading=words.heading,
        happened=words.happened,
        when_text=_("Sendt %(when)s") % {"when": dates.moment(request.made_at)},
        next_steps=list(words.steps),
        answer=presenters.answer_words(request),
        tone=words.tone,
        icon="checkmark-circle-fill" if words.tone == "success" else "information-square-fill",
        rows=[_row(each, request) for each in ((appointment, *with_it) if appointment is not None else ())],
        asked_for=presenters.when(moved.start, moved.end) if moved is not None else None,
        links=[
            Action(label=_("Se alle timene"), url=reverse("appointments:list"), main=True),
            *([Action(label=_("Gå til forsiden"), url="/")]),
        ],
    )


def _row(appointment: Appointment, request: Request) -> Row:
    """The receipt itself says what a note in a list would say."""
    return replace(presenters.row(appointment, [request]), note="")


def _words(request: Request) -> Words:
    if request.state == Asked.ACCEPTED:
        return _ACCEPTED[request.kind]
    if request.state == Asked.REFUSED:
        return _REFUSED[request.kind]
    return _WITHDRAWN if request.state == Asked.WITHDRAWN else _WAITING[request.kind]


def wish_note(request: Request) -> Note:
    """A child's own wish, to the child."""
    words = _words(request)
    told = f"{words.heading}: {request.unit.name}, {request.unit.hospital}. {presenters.answer_words(request)}"
    waits = request.state == Asked.WAITING
    return Note(
        text=told.strip(),
        tone="info" if waits else words.tone,
        withdraw_url=reverse("appointments:withdraw", args=[request.id]) if waits else "",
        withdraw_label=_("Trekk ønsket tilbake"),
    )
