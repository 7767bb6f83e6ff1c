"""Form fields say what to do, and are tied to their labels, help and errors."""

import re

from django import forms

from portal.ui.forms import PortalForm
from tests.ui.gallery import SampleForm


def first_errors(form: forms.Form) -> dict[str, str]:
    return {name: str(errors[0]) for name, errors in form.errors.items()}


def test_an_empty_form_says_what_is_missing_without_telling_off() -> None:
    assert first_errors(SampleForm({})) == {
        "name": "Skriv noe her før du går videre.",
        "day": "Velg en dato.",
        "text": "Skriv noe her før du går videre.",
        "agreed": "Kryss av for å gå videre.",
        "hospital": "Velg ett av svarene.",
        "sprak": "Velg ett av svarene.",
        "about": "Velg minst ett svar.",
    }


def test_wrong_values_are_met_with_an_example_or_a_limit() -> None:
    sent = {"name": "altfor langt", "email": "x", "day": "i morgen", "hospital": "b", "about": ["c"]}
    said = first_errors(SampleForm(sent))
    assert said["name"] == "Teksten er for lang. Du kan bruke 5 tegn, og har skrevet 12."
    assert said["email"] == "Skriv e-postadressen slik: navn@eksempel.no."
    assert said["day"] == "Skriv datoen med dag, måned og år, for eksempel 24.12.2026."
    assert said["hospital"] == "Det du valgte, finnes ikke lenger. Velg på nytt."
    assert said["about"] == "Et av valgene finnes ikke lenger. Velg på nytt."
    assert "gyldig" not in " ".join(said.values())


def test_a_form_that_knows_better_keeps_its_own_words() -> None:
    class Slots(PortalForm):
        slot = forms.ChoiceField(choices=[("a", "A")], error_messages={"required": "Velg en ledig time."})

    assert first_errors(Slots({})) == {"slot": "Velg en ledig time."}


def test_norwegian_dates_are_understood() -> None:
    for written in ("24.12.2026", "24/12/2026", "2026-12-24"):
        form = SampleForm({"day": written})
        assert "day" not in form.errors, written


def test_help_and_error_are_tied_to_the_field() -> None:
    form = SampleForm({"email": "x"})
    drawn = form["email"].as_field_group()
    assert 'for="id_email"' in drawn
    assert re.search(r'aria-describedby="id_email_helptext id_email_error"', drawn)
    assert 'id="id_email_helptext"' in drawn
    assert 'id="id_email_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "(valgfritt)" in drawn


def test_radio_buttons_are_a_named_group_tied_to_their_error() -> None:
    drawn = SampleForm({})["sprak"].as_field_group()
    assert "<legend" in drawn
    assert 'aria-describedby="id_sprak_error"' in drawn
    assert drawn.count('type="radio"') == 2
    assert "required" not in drawn
