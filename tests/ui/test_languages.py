"""Which language a visitor gets."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from portal.ui import languages
from portal.ui.middleware import ChosenLanguage
from tests.ui.gallery import SampleViewer


def language_given(request: HttpRequest) -> str:
    answered = ChosenLanguage(lambda _: HttpResponse(translation.get_language() or ""))(request)
    assert answered["Content-Language"] == answered.content.decode()
    return answered.content.decode()


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "nb"),
        ("nb-NO,nb;q=0.9", "nb"),
        ("no", "nb"),
        ("no-NO", "nb"),
        ("nn-NO", "nn"),
        ("se-NO,nb;q=0.5", "se"),
        ("se-FI", "se"),
        ("sme", "se"),
        ("fr,en;q=0.8,nb;q=0.9", "nb"),
        ("en-GB", "en"),
        ("de, *;q=0.1", "nb"),
        ("x" * 600, "nb"),
        (";;q=,=", "nb"),
    ],
)
def test_the_browser_is_asked(header: str, code: str) -> None:
    assert languages.from_accept_language(header) == code


def test_the_switch_goes_before_the_browser_and_the_stored_choice_before_both(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"Accept-Language": "en"})
    assert language_given(request) == "en"
    request.COOKIES[languages.COOKIE] = "nn"
    assert language_given(request) == "nn"
    vars(request)["viewer"] = SampleViewer()
    vars(request)["viewer"].language = "se"
    assert language_given(request) == "se"


@pytest.mark.parametrize("nonsense", ["", "xx", "../../etc", "nb\x00"])
def test_nonsense_in_the_cookie_is_passed_over(nonsense: str, rf: RequestFactory) -> None:
    request = rf.get("/", headers={"Accept-Language": "nn"})
    request.COOKIES[languages.COOKIE] = nonsense
    assert language_given(request) == "nn"


def test_the_language_does_not_leak_into_the_next_request(rf: RequestFactory) -> None:
    before = translation.get_language()
    language_given(rf.get("/", headers={"Accept-Language": "se"}))
    assert translation.get_language() == before
