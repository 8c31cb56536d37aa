"""What the benches make of what they saw."""

import time

import numpy as np
import pytest

from bench.common import Report, Table, fit
from bench.practice import EPOCH
from bench.wall_roles.ledger import Ledger, read_counter, read_luma_counter
from bench.wall_soak import Sample, Soak
from simulation.cameras import counter


def burnt(number, width=640, height=360):
    luma = np.full((height, width), 100, np.uint8)
    chroma = (np.full((height // 2, width // 2), 128, np.uint8), np.full((height // 2, width // 2), 128, np.uint8))
    counter.burn(luma, chroma, number)
    return luma


@pytest.mark.parametrize("number", [0, 1, 119, 0b1010_0101_1100_0011_0110_1001])
def test_the_counter_of_a_practice_picture_is_read_in_both_forms(number):
    luma = burnt(number)
    pixels = np.repeat(luma[:, :, None], 4, axis=2)
    assert read_luma_counter(memoryview(luma.tobytes()), 640, 360, 640) == number
    assert read_counter(memoryview(pixels.tobytes()), 640, 360) == number


def test_a_padded_picture_is_read_by_its_row_length():
    padded = np.zeros((360, 700, 4), np.uint8)
    padded[:, :640] = np.repeat(burnt(77)[:, :, None], 4, axis=2)
    assert read_counter(memoryview(padded.tobytes()), 640, 360, 700 * 4) == 77


def show(ledger, tile, number, monkeypatch, at):
    monkeypatch.setattr(time, "time", lambda: at)
    ledger.drawn(tile, number % 120)
    ledger.painted(tile)


def test_the_ledger_counts_what_was_shown_of_what_was_sent(monkeypatch):
    ledger, first = Ledger(1), 15 * 1000
    begins = EPOCH + first / 15
    monkeypatch.setattr(time, "time", lambda: begins)
    ledger.begin()
    for number in [*range(30), *range(40, 60)]:  # ten are never shown
        show(ledger, 0, first + number, monkeypatch, begins + number / 15 + 0.03)
    monkeypatch.setattr(time, "time", lambda: begins + 60 / 15)
    assert ledger.shown_share(ledger.end()) == pytest.approx(50 / 60)
    assert ledger.latency_ms(0.5) == pytest.approx(30, abs=1)
    assert ledger.longest_gap_ms() == pytest.approx(11 / 15 * 1000, abs=1)


def test_a_tile_that_showed_nothing_counts_as_much_as_the_others(monkeypatch):
    ledger, first = Ledger(2), 15 * 1000
    begins = EPOCH + first / 15
    monkeypatch.setattr(time, "time", lambda: begins)
    ledger.begin()
    for number in range(30):
        show(ledger, 0, first + number, monkeypatch, begins + number / 15 + 0.03)
    monkeypatch.setattr(time, "time", lambda: begins + 30 / 15)
    ended_at = ledger.end()
    assert ledger.shown_share(ended_at) == pytest.approx(0.5)
    assert ledger.shown_share(ended_at, [0]) == pytest.approx(1.0)
    assert ledger.longest_gap_ms([1]) == pytest.approx(2000)


def test_a_line_is_fitted_through_points_that_lie_on_it():
    line = fit([(4, 0.18), (16, 0.42), (36, 0.82)])
    assert (line.fixed, line.each, line.explained) == pytest.approx((0.1, 0.02, 1.0))


def test_one_size_alone_gives_no_cost_per_tile():
    assert np.isnan(fit([(16, 0.4)]).each)


def test_a_table_is_printed_as_markdown():
    said = Table("Side by side", ["what", "cores"], [["a | b", "0.1"]], ["a note"]).markdown()
    assert said.splitlines() == [
        "### Side by side",
        "",
        "| what | cores |",
        "| --- | --- |",
        "| a / b | 0.1 |",
        "",
        "a note",
    ]


def test_growth_is_judged_after_the_warming_up():
    samples = tuple(Sample(float(at), 0.0, 200.0 if at < 10 else 100.0 + at / 100) for at in range(100))
    seen = Soak(samples, warm_s=10.0, shown=1.0, ready=True, restarted=False)
    assert seen.growth == pytest.approx(0.0068, abs=0.0005)
    assert seen.mb_per_hour == pytest.approx(36.0)


def test_a_figure_that_was_not_measured_misses_its_target():
    report = Report("bench", {"a": 1.0}, {"a": ("<=", 2.0), "b": ("<=", 2.0)})
    assert [miss.split()[0] for miss in report.missed()] == ["b"]
    assert not report.held
