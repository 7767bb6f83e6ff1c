"""What clerks write and choose. Identity numbers are refused in notes: a note is history, and history stays."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from letters.commands.clerk_marks import LONGEST_NOTE
from portal.ui.forms import PortalForm

_NUMBER = re.compile(r"(?<!\d)\d{6}[ .-]?\d{5}(?!\d)")
_LONGEST_SEARCH = 200


class NoteForm(PortalForm):
    """The reason for a deed."""

    note = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Blir stående i brevets historikk. Ikke skriv adresse eller fødselsnummer."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Skriv hvorfor du gjør dette.")},
    )

    def clean_note(self) -> str:
        """The note in one piece, without identity numbers."""
        note = str(self.cleaned_data["note"]).strip()
        if _NUMBER.search(note):
            raise forms.ValidationError(_("Ta bort fødselsnummeret. Det skal ikke stå i historikken."))
        return note


class ReleaseForm(NoteForm):
    """Release; carries the hold's reason as it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)


class SettleForm(NoteForm):
    """What the printer answered on the telephone."""

    printed = forms.ChoiceField(
        label=_("Hva svarte trykkeriet?"),
        choices=[("yes", _("De har brevet, og det blir trykt")), ("no", _("De har ikke brevet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva trykkeriet svarte.")},
    )
    field_order = ["printed", "note"]


class ResolveForm(NoteForm):
    """How a task was dealt with outside the portal."""

    resolution = forms.ChoiceField(
        label=_("Hva er gjort?"),
        choices=[
            ("telephoned", _("Jeg har ringt pasienten")),
            ("handed_over", _("Brevet er gitt til pasienten")),
            ("dropped", _("Brevet skal ikke sendes")),
            ("other", _("Ordnet på annen måte")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva som er gjort.")},
    )
    field_order = ["resolution", "note"]


class GroupForm(NoteForm):
    """One choice for a group of stuck letters. `until` is when the person saw the group."""

    choice = forms.ChoiceField(
        label=_("Hva skal skje med disse brevene?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva som skal skje med brevene.")},
    )
    until = forms.DateTimeField(widget=forms.HiddenInput)
    field_order = ["choice", "note", "until"]

    def offer(self, choices: list[tuple[str, str]]) -> "GroupForm":
        """Set what may be chosen for this group; gives the form back."""
        self.fields["choice"] = forms.ChoiceField(
            label=self.fields["choice"].label,
            choices=choices,
            widget=self.fields["choice"].widget,
            error_messages=self.fields["choice"].error_messages,
        )
        return self


class FindForm(PortalForm):
    """One field for every way of finding a letter. It is never shown again with what was written."""

    sought = forms.CharField(
        label=_("Finn et brev"),
        help_text=_("Brevets referanse, avsenderens nøkkel eller pasientens fødselsnummer"),
        max_length=_LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Skriv en referanse, en nøkkel eller et fødselsnummer.")},
    )

    def clean_sought(self) -> str:
        """The words without anything the database cannot hold."""
        return str(self.cleaned_data["sought"]).replace("\0", "").strip()
