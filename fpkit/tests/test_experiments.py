"""Experiments: found by name, described, and seen through the right transform.

That each of them runs, its replay shows (test_replay.py).
"""

import numpy as np
import pytest

from fpkit import experiments, results, targets
from fpkit.experiments import Experiment

from . import direct_sum

QUICK = {"seeds": [0, 1], "steps": 4, "record_every": 2}


def trial_of(name, **changes):
    experiment = experiments.get(name)
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
    settings = experiments.get(name).settings
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

    experiment = Experiment("name", "figure", function, n=5)
    assert experiment.settings == {"n": 5, "lr": 0.1}
    assert experiment.merged({"lr": 2}) == {"n": 5, "lr": 2}
    assert experiment.summary.startswith("Do it.")
    assert "Not shown" not in experiment.summary


def test_an_experiment_is_found_by_how_its_name_begins(monkeypatch):
    names = list(experiments.known())
    monkeypatch.delattr(experiments, "known")  # which would look everywhere
    assert [experiments.get(name).name for name in names] == names


@pytest.mark.parametrize("experiment", experiments.known().values(), ids=experiments.known())
def test_an_experiment_is_described(experiment):
    assert len(experiment.summary) > 20
    assert experiment.figure


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: experiments.get("stairs"), "experiment: 'stairs' is not known; did you mean 'sta"),
        (lambda: experiments.get("staircase").merged({"sedes": 3}),
         "setting: 'sedes' is not known; did you mean 'seeds'"),
        (lambda: trial_of("absolute_value_coarse", curve="cube"),
         "curve: 'cube' is not known; .*known are absolute value, sine, square"),
    ],
)  # fmt: skip
def test_unknown_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
