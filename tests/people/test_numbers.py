"""Identity numbers: every series, both checksum rules, and which are welcome where."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.people.numbers import IdentityNumber, Kind, NotAnIdentityNumber, Synthetic, accepted_here, is_valid, parse

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def with_check_digits(nine: str, remainder: int = 0) -> str | None:
    """Nine digits made into eleven, the first check digit leaving the remainder asked for; None where none fits."""
    k1 = (remainder - sum(w * int(d) for w, d in zip(FIRST, nine, strict=True))) % 11
    if k1 == 10:
        return None
    ten = f"{nine}{k1}"
    k2 = -sum(w * int(d) for w, d in zip(SECOND, ten, strict=True)) % 11
    return None if k2 == 10 else f"{ten}{k2}"


@st.composite
def well_formed(draw: st.DrawFn, mark: int = 0, day_mark: int = 0, remainder: int = 0) -> str:
    """A number with a day every month has, its month marked as asked."""
    day = draw(st.integers(1, 28)) + day_mark
    month = draw(st.integers(1, 12)) + mark
    rest = draw(st.integers(0, 99999))
    number = with_check_digits(f"{day:02}{month:02}{rest:05}", remainder)
    assume(number is not None)
    assert number is not None
    return number


@pytest.mark.parametrize("text", ["30108299939", "02013299903"])
def test_skatteetatens_own_examples_of_2032_numbers(text: str) -> None:
    assert parse(text).kind is Kind.FNR


@pytest.mark.parametrize(("mark", "synthetic"), [(0, Synthetic.NONE), (80, Synthetic.PLUS_80), (65, Synthetic.PLUS_65)])
@given(data=st.data())
def test_series_are_told_apart(mark: int, synthetic: Synthetic, data: st.DataObject) -> None:
    fnr = parse(data.draw(well_formed(mark)))
    assert (fnr.kind, fnr.synthetic) == (Kind.FNR, synthetic)
    dnr = parse(data.draw(well_formed(mark, day_mark=40)))
    assert (dnr.kind, dnr.synthetic) == (Kind.DNR, synthetic)


@given(data=st.data(), remainder=st.integers(0, 3))
def test_both_checksum_rules_hold(data: st.DataObject, remainder: int) -> None:
    assert is_valid(data.draw(well_formed(80, remainder=remainder)))


@given(data=st.data(), remainder=st.integers(4, 10))
def test_other_remainders_do_not(data: st.DataObject, remainder: int) -> None:
    with pytest.raises(NotAnIdentityNumber, match="check_digits"):
        parse(data.draw(well_formed(80, remainder=remainder)))


@given(data=st.data(), place=st.integers(0, 10), shift=st.integers(1, 9))
def test_one_wrong_digit_is_never_the_same_number(data: st.DataObject, place: int, shift: int) -> None:
    """The 2032 rule lets some single slips through, the second check digit stops every one of them but in itself."""
    right = data.draw(well_formed(80))
    wrong = f"{right[:place]}{(int(right[place]) + shift) % 10}{right[place + 1 :]}"
    assert not is_valid(wrong)


@given(data=st.data())
def test_month_plus_40_may_be_help_number_or_invented_and_passes_in_both(data: st.DataObject) -> None:
    number = parse(data.draw(well_formed(40)))
    assert (number.kind, number.synthetic) == (Kind.HNR, Synthetic.PLUS_40)
    assert accepted_here(number, "production")
    assert accepted_here(number, "test")


@given(first=st.sampled_from("89"), rest=st.integers(0, 10**8 - 1))
def test_common_help_numbers_hold_no_date(first: str, rest: int) -> None:
    text = with_check_digits(f"{first}{rest:08}")
    if text:
        number = parse(text)
        assert number.kind is Kind.FHN
        assert accepted_here(number, "production")
        assert not accepted_here(number, "demo")


@pytest.mark.parametrize("mark", [80, 65])
@pytest.mark.parametrize("day_mark", [0, 40])
@given(data=st.data())
def test_invented_people_stay_out_of_production_and_real_ones_out_of_everything_else(
    mark: int, day_mark: int, data: st.DataObject
) -> None:
    invented, real = parse(data.draw(well_formed(mark, day_mark))), parse(data.draw(well_formed(0, day_mark)))
    assert not accepted_here(invented, "production")
    assert accepted_here(real, "production")
    for env in ("demo", "test", "", "PRODUCTION"):
        assert accepted_here(invented, env)
        assert not accepted_here(real, env)


@given(st.text())
def test_any_text_that_is_no_number_is_refused_with_a_code_only(text: str) -> None:
    if not is_valid(text):
        with pytest.raises(NotAnIdentityNumber, match=r"^(not_eleven_digits|no_such_date|check_digits)$"):
            parse(text)


@pytest.mark.parametrize("text", ["", "1234567890", "123456789012", "０１０１８０１２３４５", "010180-12345", "\n"])
def test_only_eleven_plain_digits(text: str) -> None:
    with pytest.raises(NotAnIdentityNumber, match="not_eleven_digits"):
        parse(text)


@pytest.mark.parametrize("six", ["310480", "300280", "000180", "011380", "320180", "720180", "019380"])
def test_dates_that_do_not_exist(six: str) -> None:
    texts = [t for n in range(60) if (t := with_check_digits(f"{six}{n:03}"))]
    assert texts
    assert not any(is_valid(text) for text in texts)


def test_leap_day_of_a_year_whose_century_is_unknown() -> None:
    texts = [t for n in range(60) if (t := with_check_digits(f"290200{n:03}"))]
    assert texts
    assert all(is_valid(text) for text in texts)


def test_a_space_is_forgiven_and_nothing_is_shown() -> None:
    text = next(t for n in range(60) if (t := with_check_digits(f"018180{n:03}")))
    number = parse(f" {text[:6]} {text[6:]}\n")
    assert number == IdentityNumber(text, Kind.FNR, Synthetic.PLUS_80)
    assert text not in repr(number)


@given(data=st.data())
def test_navs_synthetic_d_numbers_are_invented_and_nothing_else(data: st.DataObject) -> None:
    """A D-number with month +40 cannot be a help number, so it is unwelcome in production."""
    number = parse(data.draw(well_formed(40, day_mark=40)))
    assert (number.kind, number.synthetic) == (Kind.DNR, Synthetic.PLUS_40)
    assert accepted_here(number, "test")
    assert not accepted_here(number, "production")


@pytest.mark.parametrize("kind", [Kind.FNR, Kind.DNR, Kind.HNR])
@given(data=st.data(), remainder=st.integers(0, 3))
def test_the_2032_rule_holds_in_every_series_with_a_date(kind: Kind, data: st.DataObject, remainder: int) -> None:
    marks = {Kind.FNR: (0, 0), Kind.DNR: (0, 40), Kind.HNR: (40, 0)}
    mark, day_mark = marks[kind]
    assert parse(data.draw(well_formed(mark, day_mark, remainder))).kind is kind


@pytest.mark.parametrize("month", [0, 13, 40, 53, 65, 78, 80, 93])
@pytest.mark.parametrize("day", [1, 41])
def test_months_between_the_series_belong_to_none(day: int, month: int) -> None:
    texts = [t for n in range(60) if (t := with_check_digits(f"{day:02}{month:02}80{n:03}"))]
    assert texts
    assert not any(is_valid(text) for text in texts)


@pytest.mark.parametrize("day", [0, 32, 40, 72, 79])
def test_days_between_the_series_belong_to_none(day: int) -> None:
    texts = [t for n in range(60) if (t := with_check_digits(f"{day:02}0180{n:03}"))]
    assert not any(is_valid(text) for text in texts)
