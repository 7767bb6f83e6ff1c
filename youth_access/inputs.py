"""What clinicians write and choose about access. Dates are whole days in Oslo; notes hold no identity numbers."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.people import numbers
from portal.people.queries import welcome_number
from portal.ui.forms import PortalForm
from youth_access import staff_words as words
from youth_access.ages import OSLO
from youth_access.codes import Code
from youth_access.facts import Outcome
from youth_access.models import ChildWish

LONGEST_NOTE: Final = 1000
_NUMBER: Final = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_LAST_YEAR: Final = 2150
_DATES: Final = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_MOMENTS: Final = ["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M"]
_NO_REASON: Final = _("Velg en grunn.")
Choices = Iterable[tuple[str, Any]]


def midnight(day: date) -> datetime:
    """The first instant of a day in Oslo."""
    return datetime.combine(day, time(), tzinfo=OSLO)


def read_number(text: object) -> str:
    """The digits of an identity number that belongs in this environment. Raises ValidationError without the text."""
    try:
        return welcome_number(str(text).strip()).digits
    except numbers.NotAnIdentityNumber:
        raise forms.ValidationError(_("Dette er ikke et gyldig fødselsnummer. Sjekk sifrene.")) from None


class Day(forms.DateField):
    """A day, written or picked."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the framework's own options, handed on
        widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=_DATES, **options)

    def clean(self, value: object) -> date | None:
        """The day, in a year that calendars can hold."""
        found: date | None = super().clean(value)
        if found is not None and not 1900 <= found.year <= _LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class NoteForm(PortalForm):
    """A reason in the clinician's own words."""

    note = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Bare ansatte ser dette. Ikke skriv fødselsnummer."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Skriv hvorfor du gjør dette.")},
    )

    def clean_note(self) -> str:
        """The note in one piece, without identity numbers or what a database cannot hold."""
        note = str(self.cleaned_data["note"]).replace("\0", "").strip()
        if _NUMBER.search(note):
            raise forms.ValidationError(_("Ta bort fødselsnummeret. Det skal ikke stå i begrunnelsen."))
        return note


class NumberForm(PortalForm):
    """Find somebody by identity number; posted, and never shown again."""

    number = forms.CharField(
        label=_("Finn en pasient"),
        help_text=_("Fødselsnummer, D-nummer eller hjelpenummer, elleve sifre"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Skriv et fødselsnummer.")},
    )

    def clean_number(self) -> str:
        """Eleven digits with check digits that fit."""
        return read_number(self.cleaned_data["number"])


class AssessForm(NoteForm):
    """What holds for one referral, from when until when, and why."""

    outcome = forms.ChoiceField(
        label=_("Hvem kan få innsyn?"),
        choices=[(code, label) for code, (label, _tone) in words.OUTCOMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvem som kan få innsyn.")},
    )
    reason = forms.ChoiceField(
        label=_("Grunn"),
        choices=[
            ("", _("Velg en grunn")),
            *[
                (words.OUTCOMES[code][0], [each for each in found.items() if each[0] != "after_period"])
                for code, found in words.REASONS.items()
            ],
        ],
        error_messages={"required": _NO_REASON},
    )
    starts = Day(label=_("Fra og med"), required=False, help_text=_("Tomt betyr fra nå."))
    ends = Day(
        label=_("Til og med"),
        required=False,
        help_text=_("Gjelder til dagen er slutt, klokka 24. Tomt betyr uten sluttdato."),
    )
    opens_after = forms.BooleanField(
        label=_("Åpne for barnet og foreldrene når perioden er slutt"),
        required=False,
        help_text=_("Uten kryss blir henvisningen «ikke vurdert» igjen, og da er den stengt fra barnet er 12 år."),
    )
    field_order = ["outcome", "reason", "starts", "ends", "opens_after", "note"]

    def __init__(self, data: Any = None, **options: Any) -> None:  # noqa: ANN401 - the framework's own options
        super().__init__(data, **options)
        self.fields["note"].required = False
        self.fields["note"].help_text = _("Må fylles ut når noen nektes innsyn. Bare ansatte ser dette.")

    def clean(self) -> dict[str, Any]:
        """Reason, period and outcome fit together."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        outcome, reason = answers.get("outcome"), answers.get("reason")
        if outcome and reason and reason not in words.REASONS[outcome]:
            self.add_error("reason", _("Denne grunnen passer ikke til valget over. Velg en annen."))
        if outcome in (Outcome.PARENTS_DENIED, Outcome.YOUTH_DENIED) and "note" in answers and not answers["note"]:
            self.add_error("note", _("Skriv hvorfor innsyn nektes."))
        self._check_period(answers)
        return answers

    def period(self) -> tuple[datetime, datetime | None]:
        """From an instant, included, to an instant, excluded."""
        starts, ends = self.cleaned_data["starts"], self.cleaned_data["ends"]
        now = clock.now()
        begins = now if starts is None else max(midnight(starts), now)
        return begins, None if ends is None else midnight(ends + timedelta(days=1))

    def _check_period(self, answers: dict[str, Any]) -> None:
        today = clock.today()
        starts, ends = answers.get("starts"), answers.get("ends")
        if starts is not None and starts < today:
            self.add_error("starts", _("Startdatoen kan ikke være før i dag."))
        if ends is not None and ends < (starts or today):
            self.add_error("ends", _("Sluttdatoen må være i dag eller senere, og ikke før startdatoen."))


class WishForm(NoteForm):
    """What the child wants, and about what."""

    about = forms.ChoiceField(label=_("Hva gjelder ønsket?"), widget=forms.RadioSelect)
    field_order = ["about", "note"]

    def __init__(self, data: Any = None, *, choices: Choices = (), **options: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(data, **options)
        _offer(self, "about", [("all", _("Alt")), *choices])
        self.fields["note"].required = False
        self.fields["note"].label = _("Hva barnet har sagt")


class WishAnswerForm(NoteForm):
    """How a clinician answers a wish."""

    state = forms.ChoiceField(
        label=_("Svar"),
        choices=[
            (ChildWish.State.RESPECTED, _("Ønsket respekteres: foreldrene holdes utenfor")),
            (ChildWish.State.DECLINED, _("Ønsket etterkommes ikke")),
            (ChildWish.State.TAKEN_BACK, _("Barnet har trukket ønsket tilbake")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg et svar.")},
    )
    field_order = ["state", "note"]


class BlockForm(NoteForm):
    """No digital parental access, for all parents or one."""

    parent = forms.ChoiceField(label=_("Hvem skal ikke ha digital tilgang?"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Grunn"),
        choices=list(words.BLOCK_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _NO_REASON},
    )
    field_order = ["parent", "reason", "note"]

    def __init__(self, data: Any = None, *, choices: Choices = (), **options: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(data, **options)
        _offer(self, "parent", [("all", _("Alle med foreldreansvar")), *choices])


class CodesForm(NoteForm):
    """Codes on one item."""

    codes = forms.MultipleChoiceField(
        label=_("Koder"),
        choices=[(code.value, words.CODES[code]) for code in words.SET_HERE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én kode. «Åpen» betyr at ingenting er sperret.")},
    )
    visible_from = forms.DateTimeField(
        label=_("Vises fra"),
        required=False,
        help_text=_("Bare sammen med «Vises først fra et tidspunkt»."),
        input_formats=_MOMENTS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "autocomplete": "off"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Skriv dato og klokkeslett, for eksempel 24.12.2026 12:00.")},
    )
    field_order = ["codes", "visible_from", "note"]

    @staticmethod
    def settable() -> frozenset[str]:
        """The codes that may be chosen here."""
        return frozenset(code.value for code in words.SET_HERE)

    def clean(self) -> dict[str, Any]:
        """Open stands alone, and a delay has its time."""
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        codes = set(answers.get("codes", ()))
        if Code.OPEN in codes and len(codes) > 1:
            self.add_error("codes", _("«Åpen» kan ikke stå sammen med andre koder."))
        if Code.DELAYED in codes and "visible_from" in answers and answers["visible_from"] is None:
            self.add_error("visible_from", _("Skriv når det skal vises."))
        if Code.DELAYED not in codes and answers.get("visible_from") is not None:
            self.add_error("visible_from", _("Kryss av for «Vises først fra et tidspunkt», eller ta bort tidspunktet."))
        return answers


class AssignForm(NoteForm):
    """Somebody appointed for a patient who cannot appoint anybody themselves."""

    number = forms.CharField(
        label=_("Hvem skal få fullmakten?"),
        help_text=_("Fødselsnummeret til den pårørende, elleve sifre"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Skriv fødselsnummeret til den som skal få fullmakten.")},
    )
    areas = forms.MultipleChoiceField(
        label=_("Hva gjelder den?"),
        choices=[(service.value, words.SERVICES[service]) for service in words.ASSIGNABLE],
        widget=forms.CheckboxSelectMultiple,
    )
    ends = Day(label=_("Til og med"), required=False, help_text=_("Tomt betyr uten sluttdato."))
    confirmed = forms.BooleanField(
        label=_("Fastlegen har bekreftet at pasienten ikke kan gi fullmakt selv"),
        error_messages={"required": _("Fastlegen må ha bekreftet det først.")},
    )
    field_order = ["number", "areas", "ends", "confirmed", "note"]

    def __init__(self, data: Any = None, **options: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(data, **options)
        self.fields["note"].label = _("Hvem bekreftet det, og når?")
        self.fields["note"].error_messages["required"] = _("Skriv hvem som bekreftet det, og når.")

    def clean_number(self) -> str:
        """Eleven digits with check digits that fit."""
        return read_number(self.cleaned_data["number"])

    def clean_ends(self) -> date | None:
        """A day that has not passed."""
        ends: date | None = self.cleaned_data["ends"]
        if ends is not None and ends < clock.today():
            raise forms.ValidationError(_("Sluttdatoen må være i dag eller senere."))
        return ends


class EmergencyForm(NoteForm):
    """Why somebody must in, now."""

    reason = forms.ChoiceField(
        label=_("Grunn"),
        choices=list(words.EMERGENCY_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _NO_REASON},
    )
    field_order = ["reason", "note"]


class ReviewForm(NoteForm):
    """What a reviewer finds."""

    verdict = forms.ChoiceField(
        label=_("Vurdering"),
        choices=list(words.VERDICTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg en vurdering.")},
    )
    field_order = ["verdict", "note"]


class PreviewForm(PortalForm):
    """The day a preview shows."""

    dato = Day(label=_("Vis for en annen dag"), error_messages={"required": _("Velg en dag.")})


def _offer(form: PortalForm, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
