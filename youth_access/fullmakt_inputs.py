"""What somebody writes to give a fullmakt."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock
from portal.ui.forms import PortalForm
from youth_access.acting_words import AREAS
from youth_access.facts import Service


class NeverShownAgain(forms.TextInput):
    """A field that comes back empty, whatever was typed."""

    def format_value(self, value: Any) -> str | None:  # noqa: ANN401 - the framework's
        """Nothing."""
        return None


class FullmaktForm(PortalForm):
    """Who shall have it, for which services, and for how long."""

    number = forms.CharField(
        label=_("Fødselsnummeret til den som skal få fullmakten"),
        help_text=_("11 siffer. Vi viser det ikke igjen."),
        max_length=20,
        widget=NeverShownAgain(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Skriv fødselsnummeret til den som skal få fullmakten.")},
    )
    family_name = forms.CharField(
        label=_("Etternavn"),
        help_text=_("Slik det står i Folkeregisteret."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv etternavnet til den som skal få fullmakten.")},
    )
    areas = forms.MultipleChoiceField(
        label=_("Hva skal personen kunne se og gjøre for deg?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én tjeneste.")},
    )
    first_day = forms.DateField(
        label=_("Fra og med"),
        help_text=_("Skriv datoen slik: 24.12.2026."),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"}),
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        error_messages={"required": _("Skriv fra hvilken dag fullmakten skal gjelde.")},
    )
    last_day = forms.DateField(
        label=_("Til og med"),
        help_text=_("La feltet stå tomt hvis fullmakten skal gjelde til du trekker den tilbake."),
        required=False,
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"}),
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
    )

    def offer(self, services: Collection[Service]) -> "FullmaktForm":
        """Let the giver choose among these services, which are those they have; gives the form back."""
        choices = [(service.value, words) for service, words in AREAS.items() if service in services]
        stock = self.fields["areas"]
        self.fields["areas"] = forms.MultipleChoiceField(
            label=stock.label, choices=choices, widget=stock.widget, error_messages=stock.error_messages
        )
        return self

    def clean_first_day(self) -> date:
        """Not before today."""
        day: date = self.cleaned_data["first_day"]
        if day < clock.today():
            raise forms.ValidationError(_("Fullmakten kan tidligst gjelde fra i dag."))
        return day

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        words = super().clean() or {}
        first, last = words.get("first_day"), words.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Siste dag må komme etter første dag."))
        if last and last.year > clock.today().year + 100:
            self.add_error("last_day", _("Skriv en dato nærmere i tid, eller la feltet stå tomt."))
        return words
