"""Form fields as the pages show them, with error texts that say what to do.

Every form of the product inherits `PortalForm`. The framework's own texts ("Feltet er påkrevet.") tell people off;
ours say what is missing. A form that knows its field better gives `error_messages` of its own, and they stand.
"""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

Texts = dict[str, Any]


class PortalRenderer(TemplatesSetting):
    """Draws forms with the product's templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


_PLAIN: Final[tuple[tuple[type[forms.Field], Texts], ...]] = (
    (
        forms.EmailField,
        {"required": _("Skriv e-postadressen din."), "invalid": _("Skriv e-postadressen slik: navn@eksempel.no.")},
    ),
    (
        forms.DateField,
        {"required": _("Velg en dato."), "invalid": _("Skriv datoen med dag, måned og år, for eksempel 24.12.2026.")},
    ),
    (
        forms.IntegerField,
        {
            "required": _("Skriv et tall."),
            "invalid": _("Skriv et helt tall, for eksempel 3."),
            "min_value": _("Skriv et tall som er %(limit_value)s eller høyere."),
            "max_value": _("Skriv et tall som er %(limit_value)s eller lavere."),
        },
    ),
    (
        forms.MultipleChoiceField,
        {
            "required": _("Velg minst ett svar."),
            "invalid_choice": _("Et av valgene finnes ikke lenger. Velg på nytt."),
            "invalid_list": _("Velg minst ett svar."),
        },
    ),
    (
        forms.ChoiceField,
        {
            "required": _("Velg ett av svarene."),
            "invalid_choice": _("Det du valgte, finnes ikke lenger. Velg på nytt."),
        },
    ),
    (forms.BooleanField, {"required": _("Kryss av for å gå videre.")}),
    (
        forms.FileField,
        {
            "required": _("Velg en fil."),
            "invalid": _("Filen kom ikke frem. Velg den på nytt."),
            "missing": _("Velg en fil."),
            "empty": _("Filen er tom. Velg en annen fil."),
        },
    ),
    (
        forms.Field,
        {
            "required": _("Skriv noe her før du går videre."),
            "invalid": _("Vi forsto ikke dette. Skriv det på en annen måte."),
            "min_length": _("Skriv litt mer: minst %(limit_value)d tegn."),
            "max_length": _("Teksten er for lang. Du kan bruke %(limit_value)d tegn, og har skrevet %(show_value)d."),
        },
    ),
)
_INPUT_CLASS: Final = "ds-input"


class PortalForm(forms.Form):
    """A form in the product's dress. Browsers' own bubbles are off: our summary on top says it all at once."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), prefix=prefix)
        for field in self.fields.values():
            _speak_plainly(field)
            _dress(field.widget)


def _speak_plainly(field: forms.Field) -> None:
    """Give the field our texts, except where its form has written better ones."""
    stock: Texts = {}
    for ancestor in reversed(type(field).__mro__):
        stock.update(getattr(ancestor, "default_error_messages", {}))
    ours: Texts = {}
    for kind, texts in reversed(_PLAIN):
        if isinstance(field, kind):
            ours.update(texts)
    for code, text in ours.items():
        if code not in field.error_messages or field.error_messages[code] == stock.get(code):
            field.error_messages[code] = text


def _dress(widget: forms.Widget) -> None:
    """Put the design system's class on the control, and draw choices one under the other."""
    if widget.is_hidden:
        return
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        widget.template_name = "ui/choices.html"
    already = str(widget.attrs.get("class", ""))
    if _INPUT_CLASS not in already.split():
        widget.attrs["class"] = f"{already} {_INPUT_CLASS}".strip()
