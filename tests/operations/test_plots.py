"""The bars and the table under them show the same numbers, day by day in Oslo."""

from datetime import UTC, datetime, timedelta

from portal.site import operations_plots
from portal.site.figures import streams_begin
from portal.ui.figures import Stream

NOW = datetime(2026, 10, 26, 11, 20, tzinfo=UTC)  # the day after the clocks went back in Oslo
HOUR = timedelta(hours=1)


def test_hours_end_with_the_present_one() -> None:
    plot = operations_plots.last_day([Stream("received", "Tatt imot", {NOW.replace(minute=0): 8})], NOW)
    (chart,) = plot.charts
    assert (chart.total, chart.peak, chart.box) == ("8", "8", "0 0 240 100")
    (bar,) = chart.bars
    assert (bar.x, bar.y, bar.height) == ("231", "0", "100")
    assert [str(cell.text) for cell in plot.table.rows[-1]] == ["kl.\u00a012.00–13", "8"]
    assert len(plot.table.rows) == 24


def test_bars_have_heights_by_their_share_and_none_vanishes() -> None:
    first = NOW.replace(minute=0)
    plot = operations_plots.last_day([Stream("r", "R", {first: 1000, first - HOUR: 500, first - 2 * HOUR: 1})], NOW)
    assert [bar.height for bar in plot.charts[0].bars] == ["3", "50", "100"]
    assert plot.charts[0].total == "1\u00a0501"


def test_days_are_oslos_days_also_when_the_clocks_go_back() -> None:
    # 22.30 UTC on the 23rd is past midnight in Oslo's summer time; on the 25th it is half past eleven in the evening.
    counts = {
        datetime(2026, 10, 23, 22, tzinfo=UTC): 5,
        datetime(2026, 10, 25, 22, tzinfo=UTC): 7,
        datetime(2026, 10, 25, 23, tzinfo=UTC): 9,
    }
    plot = operations_plots.last_week([Stream("received", "Tatt imot", counts)], NOW)
    assert [str(row[1].text) for row in plot.table.rows] == ["0", "0", "0", "0", "5", "7", "9"]
    assert plot.axis[0] == "20.10."
    assert plot.axis[-1] == "26.10."
    assert streams_begin(NOW) == datetime(2026, 10, 19, 22, tzinfo=UTC)


def test_nothing_at_all_is_said_and_drawn_as_nothing() -> None:
    plot = operations_plots.last_week([Stream("received", "Tatt imot", {})], NOW)
    assert plot.charts[0].bars == []
    assert plot.charts[0].description == "Tatt imot: ingen"
