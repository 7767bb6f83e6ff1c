"""What operators fill in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.kernel.logs import scrub
from portal.ui.forms import PortalForm

LONGEST_NOTE = 200


class RetryForm(PortalForm):
    """Why an errand is let try again; kept in the audit, where no person's number may stand."""

    begrunnelse = forms.CharField(
        label=_("Hvorfor prøver du igjen?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Blir ført i loggen. Ikke skriv navn, fødselsnummer eller noe om helse."),
        error_messages={
            "required": _("Skriv hvorfor du prøver igjen."),
            "max_length": _("Skriv høyst %(limit_value)s tegn."),
        },
    )

    def clean_begrunnelse(self) -> str:
        """Refuse a text that holds an identity number."""
        note: str = self.cleaned_data["begrunnelse"]
        if scrub(note) != note:
            raise ValidationError(_("Ta bort fødselsnummeret."))
        return note
