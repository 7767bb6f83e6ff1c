"""What patients fill in: which time, why they cancel, and what a child wants to say when asking for a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.cards import Text
from portal.ui.forms import PortalForm

LONGEST_COMMENT: Final = 1000
_PARTS: Final = (
    ("", _("Hele dagen")),
    ("morning", _("Før kl. 12")),
    ("afternoon", _("Kl. 12–16")),
    ("evening", _("Etter kl. 16")),
)


class TimeForm(PortalForm):
    """Which of the free times."""

    slot = forms.UUIDField(
        label=_("Velg ny time"),
        error_messages={
            "required": _("Velg en ledig time."),
            "invalid": _("Velg en av timene i listen."),
        },
        widget=forms.RadioSelect,
    )


class SieveForm(PortalForm):
    """Which days and hours suit, in the address: "show me times on Mondays before noon". Nonsense is as nothing."""

    ukedag = forms.TypedChoiceField(label=_("Ukedag"), required=False, coerce=int, empty_value=None)
    tid = forms.ChoiceField(label=_("Tid på dagen"), required=False, choices=_PARTS)
    dager = forms.IntegerField(required=False, min_value=1, max_value=366, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, weekdays: Sequence[str] = ()) -> None:
        super().__init__(data)
        every: list[tuple[str, Text]] = [("", _("Alle dager"))]
        chosen = self.fields["ukedag"]
        assert isinstance(chosen, forms.TypedChoiceField)  # noqa: S101 - told to the type checker
        chosen.choices = [*every, *((str(number), name) for number, name in enumerate(weekdays))]


class KeyForm(forms.Form):
    """The key that came with the page: a form that is sent twice is one request."""

    key = forms.UUIDField()


class CancelForm(PortalForm):
    """Why the appointment is cancelled, and which of its parts go with it."""

    reason = forms.ChoiceField(
        label=_("Hvorfor vil du avlyse?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg en grunn. Velg «Noe annet» hvis ingen passer.")},
    )
    comment = forms.CharField(
        label=_("Vil du si noe mer til sykehuset?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def offer(
        self, *, reasons: Sequence[tuple[str, Text]], parts: Sequence[tuple[UUID, str]], with_comment: bool
    ) -> "CancelForm":
        """Set what may be chosen for this appointment: a question about each part, none of them answered beforehand."""
        stock = self.fields["reason"]
        self.fields["reason"] = forms.ChoiceField(
            label=stock.label, choices=list(reasons), widget=stock.widget, error_messages=stock.error_messages
        )
        if not with_comment:
            del self.fields["comment"]
        for part_id, words in parts:
            self.fields[_field_of(part_id)] = forms.ChoiceField(
                label=_("Hva med %(part)s?") % {"part": words},
                choices=[("cancel", _("Avlys denne også")), ("keep", _("Behold denne"))],
                widget=_radios(),
                error_messages={"required": _("Velg om du vil avlyse eller beholde denne: %(part)s") % {"part": words}},
            )
        first = ["key", *(_field_of(part_id) for part_id, _words in parts)]
        self.order_fields([*first, "reason", "comment"])
        return self

    def parts(self, offered: Sequence[UUID]) -> tuple[UUID, ...]:
        """Those of the offered parts that are to be cancelled too."""
        return tuple(each for each in offered if self.cleaned_data.get(_field_of(each)) == "cancel")


class WishForm(PortalForm):
    """Where a child wants a time, and what it wants to say."""

    unit = forms.ChoiceField(
        label=_("Hvor vil du ha time?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvor du vil ha time.")},
    )
    comment = forms.CharField(
        label=_("Hva gjelder det?"),
        help_text=_("Skriv så lite eller mye du vil. Bare de som jobber der, leser det."),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def offer(self, units: Sequence[tuple[str, str]]) -> "WishForm":
        """Set the clinics that may be asked; gives the form back."""
        stock = self.fields["unit"]
        self.fields["unit"] = forms.ChoiceField(
            label=stock.label, choices=list(units), widget=stock.widget, error_messages=stock.error_messages
        )
        return self


def _field_of(part_id: UUID) -> str:
    return f"part_{part_id.hex}"


def _radios() -> forms.RadioSelect:
    made = forms.RadioSelect(attrs={"class": "ds-input"})
    made.template_name = "ui/choices.html"
    return made
