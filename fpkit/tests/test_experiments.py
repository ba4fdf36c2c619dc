"""Experiments: found by name, described, and seen through the right transform.

That each of them runs, its replay shows (test_replay.py).
"""

import re
import shutil

import numpy as np
import pytest

from book import exercises
from fpkit import targets
from fpkit.reproduce import Experiment, chapters, results
from fpkit.tests import direct_sum, make_book

QUICK = {"seeds": [0, 1], "steps": 4, "record_every": 2}


def trial_of(name, **changes):
    experiment = chapters.get(name)
    return experiment.function(**experiment.merged({**QUICK, **changes}), progress=False)


@pytest.mark.parametrize("name", ["staircase", "staircase_random_points", "outside_the_data"])
def test_the_spectrum_of_a_trial_is_the_direct_sum_over_its_phase(name):
    trial = trial_of(name, n=60)
    values = trial.run.outputs[0, -1]
    result = trial.spectrum(values)
    expected = direct_sum(values, trial.phase, np.arange(len(result)))
    np.testing.assert_allclose(result, expected, atol=1e-6 * np.abs(expected).max())


def test_errors_of_a_result_are_those_of_direct_sums():
    result = results.run("staircase", n=40, count=3, progress=False, **QUICK)
    run = trial_of("staircase", n=40, count=3).run
    for mode, error in zip(result.peaks, np.moveaxis(result.errors, -1, 0), strict=True):
        target, output = (direct_sum(v, np.arange(40) / 40, [mode])[..., 0]
                          for v in (run.y, run.outputs))  # fmt: skip
        np.testing.assert_allclose(error, np.abs(output - target) / np.abs(target), rtol=1e-4)


@pytest.mark.parametrize("name", ["equal_amplitudes", "white_noise"])
def test_every_seed_has_its_own_target(name):
    settings = chapters.get(name).settings
    trial = trial_of(name, seeds=[3, 8])
    draw = {"equal_amplitudes": lambda seed: targets.equal_amplitudes(
                settings["n"], settings["modes"], seed),
            "white_noise": lambda seed: targets.white_noise(settings["n"], seed)}[name]  # fmt: skip
    assert np.array_equal(trial.run.y, [draw(3)[1], draw(8)[1]])


def test_settings_are_the_keyword_defaults_with_changes():
    def function(*, n=3, lr=0.1, **how):
        """Do it.

        Not shown.
        """

    experiment = Experiment(function, "figure", n=5)
    assert experiment.settings == {"n": 5, "lr": 0.1}
    assert experiment.merged({"lr": 2}) == {"n": 5, "lr": 2}
    assert experiment.summary.startswith("Do it.")
    assert "Not shown" not in experiment.summary


@pytest.mark.parametrize("name", chapters.experiments())
def test_an_experiment_is_described(name):
    experiment = chapters.get(name)
    assert experiment.name == name
    assert len(experiment.summary) > 20
    assert chapters.figure(chapters.find(name)) == experiment.figure


@pytest.mark.parametrize(
    ("found", "name", "module", "code"),
    [
        (chapters.experiments, "experiment: 'wave'", "experiments", "wave = Experiment(f, '')"),
        (chapters.experiments, "experiment: 'wave'", "more", "wave = reproduce.Experiment(f, '')"),
        (chapters.rows, "row: 'R3'", "claims", "def R3(): ..."),
        (exercises.known, "exercise: 'a-wave'", "exercises", "def a_wave(answer): ..."),
    ],
)
def test_no_two_chapters_have_one_name(monkeypatch, tmp_path, found, name, module, code):
    first = make_book(monkeypatch, tmp_path, "first", **{module: code})
    assert len(found()) == 1
    second = shutil.copytree(first, first.with_name("second"))
    with (tmp_path / "_toc.yml").open("a") as contents:
        contents.write("  - file: book/second/second\n")
    chapters._contents.cache_clear()
    assert len(found(second.name)) == 1
    told = f"{name} is in book.first.{module} and in book.second.{module}"
    with pytest.raises(chapters.BookError, match=re.escape(told)):
        found()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapters.get("stairs"), "experiment: 'stairs' is not known; did you mean 'sta"),
        (lambda: chapters.get("staircase").merged({"sedes": 3}),
         "setting: 'sedes' is not known; did you mean 'seeds'"),
        (lambda: trial_of("absolute_value_coarse", curve="cube"),
         "curve: 'cube' is not known; .*known are absolute value, sine, square"),
    ],
)  # fmt: skip
def test_unknown_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
