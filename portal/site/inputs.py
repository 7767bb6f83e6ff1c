"""What people fill in on the pages that belong to no single service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import PortalForm
from portal.ui.languages import NAMES


class LanguageForm(PortalForm):
    """Which language the pages are in."""

    sprak = forms.ChoiceField(
        label=_("Hvilket språk vil du ha?"),
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        help_text=_("Brevene kommer på det språket sykehuset har skrevet dem på."),
        error_messages={"required": _("Velg ett av språkene.")},
    )
