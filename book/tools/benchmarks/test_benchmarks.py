"""The yardsticks themselves: fair turns, right ratios, rivals that compute the same."""

import sys
from functools import partial

import numpy as np
import pytest

from book.tools.benchmarks import loops, race, report, rivals, scaling
from book.tools.benchmarks.race import Row


def test_entries_take_turns():
    calls = []
    entries = {name: lambda name=name: calls.append(name) for name in "abc"}
    times = race.race(2, entries)
    assert "".join(calls) == "abc" + "bca" + "cab"
    assert {len(seconds) for seconds in times.values()} == {2}


def test_a_slow_entry_is_slow(monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(race.time, "perf_counter", lambda: seconds[0])

    def entry(lasts):
        seconds[0] += lasts

    times = race.race(3, {"slow": partial(entry, 0.2), "fast": partial(entry, 0.01)})
    row = race.compare("slow", times["slow"], times["fast"], bar=10)
    assert row.value == pytest.approx(20)
    assert row.low <= row.value <= row.high
    assert row.holds


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (Row("", value=2, bar=2), True),
        (Row("", value=1.9, bar=2), False),
        (Row("", value=2, bar=2, most=True), True),
        (Row("", value=2.1, bar=2, most=True), False),
        (Row("", value=2), None),
        (Row("", seconds=1), None),
    ],
)
def test_bars(row, holds):
    assert row.holds is holds
    assert Row(**row.plain()) == row


def test_ratios_are_taken_round_by_round():
    slow, fast = np.array([2.0, 40.0, 6.0]), np.array([1.0, 10.0, 2.0])
    assert race.compare("", slow, fast).value == 3
    assert race.compare("", slow, fast, unit="%").value == 300


def allocate():
    return np.ones(100 * 2**17)  # 100 MB


def remember():
    remember.data = np.ones(400 * 2**17)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_peak_memory_counts_what_an_entry_adds():
    assert 90 < race.peak_memory(allocate, remember) < 130


def test_a_table_leaves_empty_columns_out():
    rows = [Row("one", seconds=2e-3), Row("two", value=0.5, low=-0.4, high=0.6, bar=1)]
    assert report.markdown(rows).replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "|  | time | ratio (quartiles) | wanted |",
        "| --- | ---: | ---: | ---: |",
        "| one | 2 ms |  |  |",
        "| two |  | 0.5 x (−0.4 to 0.6) | ≥ 1: **no** |",
    ]


def test_rivals_compute_the_same():
    exact = rivals.direct_sum(3)
    np.testing.assert_allclose(rivals.nudft(3), exact, atol=1e-11)
    np.testing.assert_allclose(rivals.dense_matrix(3), exact, atol=1e-12)
    np.testing.assert_allclose(rivals.entropy_loop(), rivals.entropy(), rtol=1e-9)
    np.testing.assert_allclose(rivals.jacobian_kernel(), rivals.kernel(), rtol=1e-9)


@pytest.mark.parametrize("passes", [loops.gradients, loops.products])
def test_operations_of_a_step(passes, monkeypatch):
    """Products of matrices, and of a column and a row."""
    counted = []

    def counting(product, a, b, out):
        counted.append(2 * a.size * b.shape[-1])
        return product(a, b, out=out)

    for name in ("matmul", "multiply"):
        monkeypatch.setattr(np, name, partial(counting, getattr(np, name)))
    passes(10, 3, members=2)
    assert sum(counted) == 3 * 2 * loops.step_flops(10)


def test_exponents_are_those_of_steps_without_what_a_run_needs_besides(monkeypatch):
    def squares(rounds, entries):
        runs = {name: map(float, name.split()) for name in entries}
        return {
            name: np.full(rounds, 0.2 + steps * 3e-9 * size**2)
            for name, (steps, size) in runs.items()
        }

    monkeypatch.setattr(scaling, "race", squares)
    for growth in scaling.growths():
        assert growth.exponent == pytest.approx(2)
        assert growth.costs == pytest.approx([3e-9 * size**2 for size in growth.sizes])


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_of_a_run_does_not_grow_with_its_steps():
    """Two fresh processes load all that a training needs: memory that was freed would not count."""
    few, many = (
        race.peak_memory(
            partial(loops.ensemble, 40, steps, members=2, record_every=steps), loops.prepare
        )
        for steps in (5, 50)
    )
    assert many < few + 2


STAGED = pytest.mark.skipif(sys.platform == "win32", reason="`.ci/run` is a shell script")


def run_stages(monkeypatch, folder, *commands):
    budgets = pytest.importorskip("book.tools.benchmarks.budgets", exc_type=ModuleNotFoundError)
    monkeypatch.setattr(budgets, "STAGES", [(name, name, 0.0001) for name in commands])
    (folder / "clone").mkdir()
    return budgets.staged(folder / "clone")


@STAGED
def test_a_stage_may_take_longer_than_was_promised(monkeypatch, tmp_path):
    measured = run_stages(monkeypatch, tmp_path, "sleep 0.01", "true")
    assert [stage["what"] for stage in measured] == ["sleep 0.01", "true", "`.ci/run`"]
    assert measured[0]["seconds"] > measured[0]["most"]


@STAGED
def test_a_stage_that_fails_ends_the_measurement_with_its_last_words(monkeypatch, tmp_path):
    with pytest.raises(SystemExit, match=r"^ls nowhere failed:\n.*nowhere"):
        run_stages(monkeypatch, tmp_path, "ls nowhere", "true")


@STAGED
def test_what_is_cloned_is_the_project():
    budgets = pytest.importorskip("book.tools.benchmarks.budgets", exc_type=ModuleNotFoundError)
    assert {path.name for path in budgets.ROOT.iterdir()} > {"Makefile", "_toc.yml", ".ci"}
