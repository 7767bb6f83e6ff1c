"""Character sets that are none, in front of the framework, as production's own WSGI application has them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from portal.ui.charsets import READABLE, with_readable_charset


def environ(content_type: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "QUERY_STRING": "sok=%C3%A6",
        "CONTENT_TYPE": content_type,
        "wsgi.input": BytesIO(),
    }


@pytest.mark.parametrize(
    "name", ["rot13", "hex", "idna", "undefined", "punycode", "finnes-ikke", '"base64"', "zip", ""]
)
@pytest.mark.parametrize("before", ["text/plain", "application/fhir+json; fhirVersion=4.0"])
def test_a_request_with_an_unreadable_character_set_is_read_as_utf_8(before: str, name: str) -> None:
    guarded = with_readable_charset(environ(f"{before}; charset={name}; charset=rot13"))
    assert guarded["CONTENT_TYPE"] == before
    assert WSGIRequest(guarded).GET["sok"] == "æ"


@pytest.mark.parametrize("name", sorted(READABLE))
def test_a_readable_character_set_is_left_alone(name: str) -> None:
    asked = environ(f"text/plain; Charset={name.upper()}")
    assert with_readable_charset(asked) is asked
    assert WSGIRequest(asked).GET["sok"]


def test_productions_application_stands_behind_the_guard() -> None:
    """Read, not imported: starting the web process belongs to the web process."""
    source = Path(__file__).resolve().parents[2] / "portal/config/wsgi.py"
    assert "application = readable(get_wsgi_application())" in source.read_text().splitlines()
