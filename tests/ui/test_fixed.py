"""Parts of pages that are laid out once: the same words as before, in each language, and nothing of anybody."""

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.utils import translation

LOAD = "{% load i18n page static %}"


def template(text: str) -> Template:
    made: Template = engines["django"].from_string(LOAD + text).template  # type: ignore[attr-defined]  # Django's own
    return made


def test_it_says_what_the_same_part_says_without_it_in_every_language() -> None:
    part = """<p>{% translate "Du blir snart logget ut" %}</p>{% icon "cog" %}<img src="{% static "art/logo.svg" %}">
        {% blocktranslate trimmed %}Av sikkerhetsgrunner logger vi deg ut om <b></b>.{% endblocktranslate %}"""
    plain, fixed = template(part), template(f"{{% fixed %}}{part}{{% endfixed %}}")
    said = set()
    for language in ("nb", "nn", "se", "en", "nb"):
        with translation.override(language):
            assert fixed.render(Context()) == plain.render(Context())
            said.add(fixed.render(Context()))
    assert len(said) == len({"nb", "nn", "se", "en"})


@pytest.mark.parametrize(
    "part",
    [
        "{{ name }}",
        "{{ name|default:'' }}",
        "{% if name %}x{% endif %}",
        "{% if name and other %}x{% endif %}",
        "{% if not name %}x{% endif %}",
        "{% for each in names %}{{ each }}{% endfor %}",
        "{% csrf_token %}",
        "{% load acting %}{% for_whom %}",
        "{% blocktranslate %}Logget inn: {{ name }}{% endblocktranslate %}",
        '{% include "ui/tag.html" %}',
    ],
)
def test_what_asks_for_anything_is_refused(part: str) -> None:
    page = template(f"{{% fixed %}}{part}{{% endfixed %}}")
    for _ in range(2):
        with pytest.raises(TemplateSyntaxError, match="a fixed part asks for"):
            page.render(Context({"name": "Kari", "other": "x", "names": ["Kari"], "csrf_token": "t"}))


def test_it_takes_no_arguments() -> None:
    with pytest.raises(TemplateSyntaxError, match="no arguments"):
        template('{% fixed "x" %}{% endfixed %}')
