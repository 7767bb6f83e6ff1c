"""What the clinic writes and chooses. Answers hold no identity numbers, and days lie where calendars reach."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from appointments import staff_words as words
from appointments.commands.opening import MOST_AT_ONCE
from appointments.models import Request, Schedule
from portal.kernel import clock
from portal.people.models import Unit
from portal.ui.forms import PortalForm
from youth_access.inputs import Day

NEW: Final = "ny"
"""Chosen where a new timebok is to be begun."""
ALL: Final = "alt"
"""Chosen where a whole day is to be cancelled."""
_NUMBER: Final = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_YEARS: Final = 3
_TIMES: Final = ["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"]
_LONGEST_ANSWER: Final = 1000
Choices = list[tuple[str, Any]]


class Sometimes(forms.CharField):
    """Needed with some answers and not with others: not marked as optional, and the form itself says when it lacks."""

    def validate(self, value: str) -> None:
        """Nothing yet: the form knows the other answers."""


def unit_choices(units: Iterable[Unit]) -> Choices:
    """Units by name, with their hospital."""
    return [(each.pk, f"{each.name}, {each.hospital}") for each in units]


class BookForm(PortalForm):
    """Which unit's book, and which day."""

    enhet = forms.ChoiceField(
        label=_("Enhet"),
        error_messages={"invalid_choice": _("Denne enheten finnes ikke, eller er nedlagt. Velg en annen.")},
    )
    dag = Day(label=_("Dag"))

    def __init__(self, data: Mapping[str, Any] | None, units: Iterable[Unit]) -> None:
        super().__init__(data)
        self.fields["enhet"].choices = unit_choices(units)  # type: ignore[attr-defined]  # as above

    def clean_dag(self) -> date:
        """A day that the book may be opened on."""
        return _near(self.cleaned_data["dag"])


class CancelDayForm(PortalForm):
    """Why a day is cancelled, what of it, and that it is meant. `seen` is how many there were when it was asked."""

    resource = forms.ChoiceField(
        label=_("Hva skal avlyses?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva som skal avlyses.")},
    )
    reason = forms.ChoiceField(
        label=_("Hvorfor?"),
        choices=list(words.CANCEL_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor dagen avlyses.")},
    )
    sure = forms.BooleanField(
        label=_("Ja, avlys timene. Pasientene får beskjed med en gang."),
        error_messages={"required": _("Kryss av for at du vil avlyse.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, schedules: Iterable[Schedule], counts: Mapping[UUID | None, int]
    ) -> None:
        self.total = sum(counts.values())
        super().__init__(data, initial={"seen": self.total, "resource": ALL})
        chosen = {each.resource: each.name or _("Timebok uten navn") for each in schedules}
        found = [(str(key), _counted(name, counts.get(key, 0))) for key, name in chosen.items()]
        everything = (ALL, _counted(_("Hele dagen for enheten"), self.total))
        self.fields["resource"].choices = [everything, *found]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """It is meant for as many appointments as there are now."""
        answers = super().clean() or {}
        if "sure" in answers and answers.get("seen") != self.total:
            told = ngettext("Dagen har nå %(n)s time.", "Dagen har nå %(n)s timer.", self.total) % {"n": self.total}
            self.add_error("sure", _("%(told)s Kryss av på nytt hvis du vil avlyse.") % {"told": told})
            self.data = {**self.data.dict(), "seen": str(self.total)}  # type: ignore[attr-defined]  # what was posted
        return answers


class OpenTimesForm(PortalForm):
    """Free times in a timebok of the clinic's own."""

    schedule = forms.ChoiceField(label=_("Timebok"))
    name = Sometimes(
        label=_("Navn på ny timebok"),
        help_text=_("Fylles ut når du velger «Ny timebok». Pasientene ser navnet."),
        max_length=150,
    )
    booking = forms.ChoiceField(
        label=_("Hvem kan bestille i en ny timebok?"),
        choices=[
            (Schedule.Booking.REFERRAL, Schedule.Booking.REFERRAL.label),
            (Schedule.Booking.INVITATION, Schedule.Booking.INVITATION.label),
            (Schedule.Booking.OPEN, Schedule.Booking.OPEN.label),
            (Schedule.Booking.CLOSED, Schedule.Booking.CLOSED.label),
        ],
        error_messages={"required": _("Velg hvem som kan bestille.")},
    )
    day = Day(label=_("Dag"))
    first = forms.TimeField(
        label=_("Første time begynner"),
        input_formats=_TIMES,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Skriv når første time begynner."),
            "invalid": _("Skriv klokkeslettet slik: 09.30."),
        },
    )
    last = forms.TimeField(
        label=_("Siste time er ferdig innen"),
        input_formats=_TIMES,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Skriv når siste time er ferdig."),
            "invalid": _("Skriv klokkeslettet slik: 15.00."),
        },
    )
    minutes = forms.IntegerField(label=_("Minutter per time"), min_value=5, max_value=720, initial=30)
    capacity = forms.IntegerField(
        label=_("Plasser i hver time"),
        help_text=_("Mer enn én plass er en gruppe."),
        min_value=1,
        max_value=200,
        initial=1,
    )

    def __init__(self, data: Mapping[str, Any] | None, schedules: Iterable[Schedule], day: date) -> None:
        super().__init__(data, initial={"day": day})
        own = [(str(each.pk), each.name or _("Timebok uten navn")) for each in schedules]
        self.fields["schedule"].choices = [*own, (NEW, _("Ny timebok"))]  # type: ignore[attr-defined]  # a choice field

    def clean_day(self) -> date:
        """A day within reach."""
        return _near(self.cleaned_data["day"])

    def clean_name(self) -> str:
        """The name without what a database cannot hold."""
        return _text(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """A new timebok needs a name and somebody who may book; the first time comes before the last."""
        answers = super().clean() or {}
        if answers.get("schedule") == NEW and not answers.get("name") and "name" not in self.errors:
            self.add_error("name", _("Skriv et navn på den nye timeboken."))
        first, last = answers.get("first"), answers.get("last")
        if first is not None and last is not None and last <= first:
            self.add_error("last", _("Siste time må være ferdig etter at første begynner."))
        return answers


class AnswerForm(PortalForm):
    """Yes or no to one request, with words to the patient. Video needs an address to meet at."""

    verdict = forms.ChoiceField(
        label=_("Svar"),
        choices=[("accept", _("Godkjenn")), ("refuse", _("Avslå"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg om du vil godkjenne eller avslå.")},
    )
    virtual_address = Sometimes(
        label=_("Adresse til videomøtet"),
        help_text=_("Må være med når du godkjenner. Begynner med https://."),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    record_id = forms.CharField(
        label=_("Timens nummer i journalsystemet"),
        help_text=_("Legg inn endringen der først. Nummeret kan stå tomt."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    answer = Sometimes(
        label=_("Svar til pasienten"),
        help_text=_("Pasienten ser dette. Du må skrive hvorfor når du avslår. Ikke skriv fødselsnummer."),
        max_length=_LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, kind: str, *, failed: bool) -> None:
        super().__init__(data)
        self.video = kind == Request.Kind.VIDEO
        if not self.video:
            del self.fields["virtual_address"]
        if not failed:
            del self.fields["record_id"]

    def clean_record_id(self) -> str:
        """The number without what a database cannot hold."""
        return _text(self.cleaned_data["record_id"])

    def clean_answer(self) -> str:
        """The answer in one piece, without identity numbers."""
        answer = _text(self.cleaned_data["answer"])
        if _NUMBER.search(answer):
            raise forms.ValidationError(_("Ta bort fødselsnummeret. Det skal ikke stå i svaret."))
        return answer

    def clean(self) -> dict[str, Any]:
        """A no has a reason, and a yes to video an address that is one."""
        answers = super().clean() or {}
        refused = answers.get("verdict") == "refuse"
        if refused and not answers.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Skriv hvorfor, så pasienten forstår det."))
        if self.video and answers.get("verdict") == "accept" and "virtual_address" not in self.errors:
            self._check_address(str(answers.get("virtual_address", "")))
        return answers

    def _check_address(self, address: str) -> None:
        try:
            URLValidator(schemes=["https"])(address)
        except forms.ValidationError:
            self.add_error("virtual_address", _("Skriv adressen til videomøtet. Den begynner med https://."))


def _counted(name: object, count: int) -> str:
    return f"{name} ({ngettext('%(n)s time', '%(n)s timer', count) % {'n': count}})"


def _near(day: date) -> date:
    today = clock.today()
    if abs(day - today) > timedelta(days=366 * _YEARS):
        raise forms.ValidationError(_("Velg en dag som er mindre enn tre år unna."), code="far")
    return day


def _text(value: object) -> str:
    return str(value).replace("\0", "").strip()


def refused_times(code: str, detail: str) -> str:
    """Why times could not be opened, in words."""
    told = {
        "passed": _("Tiden er allerede passert. Velg en senere dag eller et senere klokkeslett."),
        "too-far": _("Dagen er for langt fram. Velg en dag som er mindre enn to år unna."),
        "no-room": _("Det er ikke plass til en eneste time. Velg kortere timer eller en lengre periode."),
        "too-many": _("Det blir for mange timer på en gang. Åpne høyst %(most)s om gangen."),
        "too-long": _("Timene er for lange. En time kan ikke vare mer enn tolv timer."),
        "not-on-the-clock": _(
            "Klokka %(at)s finnes ikke denne natten, for klokka stilles fram. Velg et annet tidspunkt."
        ),
        "twice-on-the-clock": _(
            "Klokka %(at)s kommer to ganger denne natten, for klokka stilles tilbake. Velg et annet."
        ),
        "clock-changes": _("Klokka stilles mens timen som begynner %(at)s, varer. Velg et annet tidspunkt."),
        "overlap": _("Timen som begynner %(at)s, overlapper noe som alt står i timeboken."),
        "not-ours": _("Denne timeboken styres av journalsystemet. Åpne tidene der."),
    }.get(code, _("Tidene kunne ikke åpnes. Prøv på nytt."))
    return str(told) % {"at": detail, "most": MOST_AT_ONCE}
