"""Sealed values: open only in their own place and with their own key."""

import base64
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from portal.people.sealing import Place, SealBroken, blind_index, key_id_of, reseal, seal, unseal

OLD = f"2025:{base64.b64encode(b'o' * 32).decode()}"
NEW = f"2026:{base64.b64encode(b'n' * 32).decode()}"
HERE = Place("people_person", "1", "pid_sealed")


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    with override_settings(PORTAL_SEALING_KEYS=OLD, PORTAL_INDEX_KEY="i" * 32):
        yield


@given(st.text())
def test_what_is_sealed_opens_and_never_looks_the_same_twice(text: str) -> None:
    with override_settings(PORTAL_SEALING_KEYS=OLD):
        assert unseal(seal(text, HERE), HERE) == text
        assert seal(text, HERE) != seal(text, HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("people_person", "2", "pid_sealed"),
        Place("people_person", "1", "other"),
        Place("other", "1", "pid_sealed"),
        Place("people_perso", "n1", "pid_sealed"),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: Place) -> None:
    with pytest.raises(SealBroken, match="does_not_open"):
        unseal(seal("18", HERE), elsewhere)


def test_a_wrong_key_under_the_same_name_fails_closed() -> None:
    blob = seal("18", HERE)
    with override_settings(PORTAL_SEALING_KEYS=NEW.replace("2026", "2025")), pytest.raises(SealBroken, match="open"):
        unseal(blob, HERE)


def test_a_lost_key_fails_closed() -> None:
    blob = seal("18", HERE)
    with override_settings(PORTAL_SEALING_KEYS=NEW), pytest.raises(SealBroken, match="unknown_key"):
        unseal(blob, HERE)


@given(st.data())
def test_any_flipped_bit_is_noticed(data: st.DataObject) -> None:
    with override_settings(PORTAL_SEALING_KEYS=OLD):
        blob = bytearray(seal("01818012345", HERE))
        blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        with pytest.raises(SealBroken):
            unseal(bytes(blob), HERE)


@given(st.binary(max_size=80))
def test_foreign_bytes_do_not_open(blob: bytes) -> None:
    with override_settings(PORTAL_SEALING_KEYS=OLD), pytest.raises(SealBroken):
        unseal(blob, HERE)


def test_changing_keys_row_by_row() -> None:
    blob = seal("18", HERE)
    with override_settings(PORTAL_SEALING_KEYS=f"{NEW}, {OLD}"):
        assert unseal(blob, HERE) == "18"
        fresh = reseal(blob, HERE)
        assert fresh is not None
        assert key_id_of(fresh) == "2026"
        assert reseal(fresh, HERE) is None
    with override_settings(PORTAL_SEALING_KEYS=NEW):
        assert unseal(fresh, HERE) == "18"


def test_the_index_depends_on_its_key_and_hides_the_text() -> None:
    with override_settings(PORTAL_INDEX_KEY="j" * 32):
        other = blind_index("01818012345")
    assert blind_index("01818012345") == blind_index("01818012345") != other
    assert "01818012345" not in other


@pytest.mark.parametrize("keys", ["", "a", "a:???", "a:YWJj", f"{OLD},{OLD}", OLD[4:]])
def test_bad_keys_are_named_without_being_shown(keys: str) -> None:
    with override_settings(PORTAL_SEALING_KEYS=keys), pytest.raises(ImproperlyConfigured) as told:
        seal("18", HERE)
    assert "YWJj" not in str(told.value)


def test_a_short_index_key_is_refused() -> None:
    with override_settings(PORTAL_INDEX_KEY="short"), pytest.raises(ImproperlyConfigured):
        blind_index("18")
