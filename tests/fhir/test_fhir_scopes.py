"""A token allows what its scopes say, in either spelling, and nothing beside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.fhir.scopes import allowed, narrow, parse

RESOURCES = st.sampled_from(["Appointment", "Communication", "CommunicationRequest", "*"])
PERMISSIONS = st.sampled_from(["read", "write", "*", "rs", "c", "cu", "cud", "cruds", "r", "s", "d"])
SCOPES = st.builds("system/{}.{}".format, RESOURCES, PERMISSIONS)


@pytest.mark.parametrize(
    ("scope", "letters"),
    [
        ("system/Communication.read", "rs"),
        ("system/Communication.write", "cud"),
        ("system/Communication.*", "cruds"),
        ("system/*.rs", "rs"),
        ("system/Communication.c", "c"),
        ("system/Communication.cruds", "cruds"),
    ],
)
def test_both_spellings_are_understood(scope: str, letters: str) -> None:
    found = parse(scope)
    assert found is not None
    assert found.letters == set(letters)


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "system/Communication",
        "system/Communication.",
        "system/Communication.sr",
        "system/Communication.rr",
        "system/Communication.rs?category=x",
        "patient/Communication.rs",
        "user/*.read",
        "system/communication.read",
        "system/Communication.READ",
        "openid",
        "system/Communication.read\n",
    ],
)
def test_anything_else_is_no_scope(scope: str) -> None:
    assert parse(scope) is None


@given(st.lists(SCOPES, min_size=1, max_size=3), st.lists(SCOPES, min_size=1, max_size=3))
def test_narrowing_never_widens(asked: list[str], registered: list[str]) -> None:
    granted = narrow(asked, registered)
    for resource in ("Appointment", "Communication", "CommunicationRequest", "Patient"):
        for letter in "cruds":
            if granted is not None and allowed(granted, resource, letter):
                assert allowed(asked, resource, letter)
                assert allowed(registered, resource, letter)


@given(st.lists(SCOPES, min_size=1, max_size=3), st.lists(SCOPES, min_size=1, max_size=3))
def test_narrowing_keeps_all_that_both_sides_hold(asked: list[str], registered: list[str]) -> None:
    granted = narrow(asked, registered)
    for resource in ("Appointment", "Communication", "CommunicationRequest"):
        for letter in "cruds":
            both = allowed(asked, resource, letter) and allowed(registered, resource, letter)
            if granted is not None and both:
                assert allowed(granted, resource, letter)


def test_a_scope_with_nothing_in_common_is_refused_whole() -> None:
    registered = ["system/CommunicationRequest.write"]
    assert narrow(["system/CommunicationRequest.write", "system/Appointment.write"], registered) is None
    assert narrow(["system/CommunicationRequest.read"], registered) is None
    assert narrow(["system/*.*"], registered) == ("system/CommunicationRequest.cud",)
