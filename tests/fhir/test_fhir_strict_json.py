"""JSON from outside is read one way, or not at all."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.fhir.strict_json import JsonLimits, RefusedJson, canonical, fingerprint, read, write

ROOMY = JsonLimits(depth=40, nodes=20_000)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate-key"),
        (b'{"a":{"b":1,"b":1}}', "duplicate-key"),
        (b'{"a":NaN}', "not-json"),
        (b'{"a":-Infinity}', "not-json"),
        (b'{"a":1e999}', "number-out-of-range"),
        (b'{"a":' + b"9" * 5000 + b"}", "number-out-of-range"),
        (b'{"a":"\\u0000"}', "nul-character"),
        (b'{"\\u0000":1}', "nul-character"),
        (b'{"a":"\\ud800"}', "lone-surrogate"),
        (b'{"\\udc00":1}', "lone-surrogate"),
        (b'{"a":"\xff"}', "not-utf8"),
        (b'\xef\xbb\xbf{"a":1}', "not-json"),
        (b'{"a":1', "not-json"),
        (b"", "not-json"),
        (b'{"a":1} x', "not-json"),
        (b"[" * 41 + b"]" * 41, "too-deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
        (b"[" + b"1," * 20_000 + b"1]", "too-many-values"),
        (b"[" + b"[]," * 3_000_000 + b"[]]", "too-many-values"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(RefusedJson) as refused:
        read(raw, ROOMY)
    assert refused.value.code == code


def test_depth_and_number_of_values_are_allowed_up_to_the_limit() -> None:
    assert read(b"[" * 40 + b"]" * 40, ROOMY)
    assert len(read(b"[" + b"1," * 19_998 + b"1]", ROOMY)) == 19_999


def test_commas_inside_long_text_do_not_count_as_values() -> None:
    text = ", ".join(["ord"] * 10_000)
    assert read(json.dumps([text]).encode(), ROOMY) == [text]


@given(VALUES)
def test_what_was_written_is_read_again(value: object) -> None:
    raw = json.dumps(value).encode()
    assert read(raw, ROOMY) == value
    assert json.loads(write(read(raw, ROOMY))) == value


@given(st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8")), VALUES, max_size=5))
def test_white_space_and_order_do_not_change_the_fingerprint(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    spread = json.dumps(turned, indent=3, ensure_ascii=True).encode()
    close = json.dumps(value, ensure_ascii=False).encode()
    assert fingerprint(read(spread, ROOMY)) == fingerprint(read(close, ROOMY))


@given(VALUES, VALUES)
def test_different_values_have_different_forms(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical(one) == canonical(other)) == same


def test_a_number_keeps_its_digits_apart_from_a_word() -> None:
    assert read(b"1.50", ROOMY) == Decimal("1.50")
    assert canonical(read(b"1.50", ROOMY)) != canonical(read(b"1.5", ROOMY))
    assert write(read(b'{"a":1.50}', ROOMY)) == b'{"a":1.5}'
