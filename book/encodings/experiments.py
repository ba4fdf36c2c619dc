"""Small trainings of encodings: Fourier features of many scales, and waves with every encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

import fpkit as fp
from book.encodings.networks import make
from fpkit import targets
from fpkit.recording import Run
from fpkit.reproduce import SEEDS, Between, Experiment, Trial, each, even_trial, experiment, joined
from fpkit.training import train

__all__ = ["MODES", "POWERS", "SCALES", "between_points", "power_law"]

SCALES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
POWERS = (1.0, 0.5, 1.5)  # those of Tancik et al. (2020), Fig. 4
MODES = tuple(range(5, 51, 5))
# Records of trainings that change fast at first.
DOUBLED = (0, *(2**i for i in range(10)), 1_000)
EARLY = (0, *np.unique(np.geomspace(1, 800, 32).astype(int)).tolist())


def power_law(points: int, power: float, seed: int) -> NDArray[np.float64]:
    """Return a random signal on a circle whose amplitudes fall as (1 + k)^-power, ``(points,)``.

    It lies between -½ and ½. As in the code of Tancik et al. (2020), every frequency that the
    points allow is there: those trained on, every second one, see half of them.
    """
    k = np.abs(np.fft.fftfreq(points, 1 / points))
    real, imaginary = np.random.default_rng(seed).standard_normal((2, points))
    signal = np.fft.ifft((real + 1j * imaginary) * (1 + k) ** -power).real
    return (signal - signal.min()) / np.ptp(signal) - 0.5


def between_points(run: Run, y: NDArray) -> tuple[NDArray, NDArray]:
    """Return the mean square error at the points and between them, ``(S, R)`` each.

    Over the variance of the signals ``(S, 2N)``, of which every second point was trained on.
    """
    wrong = np.square(run.outputs - y[:, None]) / y.var(axis=1)[:, None, None]
    return wrong[..., ::2].mean(axis=-1), wrong[..., 1::2].mean(axis=-1)


@experiment("ours, after Tancik et al. (2020), Fig. 4")
def feature_scales(
    *,
    scales: Sequence[float] = SCALES,
    powers: Sequence[float] = POWERS,
    n: Annotated[int, Between(32, 256), "points"] = 128,
    layers: int = 2,
    seeds: Sequence[int] = SEEDS,
    steps: int = 1_000,
    lr: float = 2e-3,
    record_every: Sequence[int] = DOUBLED,
    **how: Any,
) -> Trial:
    """Fourier features of many scales learn signals of three spectra, from every second point.

    Members are ordered by seed, then by power, then by scale. A seed has one signal for each power
    and, but for their scale, the same frequencies and first weights.
    """
    y = np.stack([power_law(2 * n, power, seed) for seed in seeds for power in powers])
    x = np.linspace(-1, 1, 2 * n, endpoint=False)
    how |= {"eval_x": x, "steps": steps, "lr": lr, "record_every": record_every}

    def learn(scale: float, **how: Any) -> Run:
        net = partial(make, "features", scale, layers=layers)
        nets = fp.wrap(net, seeds=np.repeat(seeds, len(powers)).tolist())
        return train(nets, x[::2], y[:, ::2], **how)

    run = joined(each(scales, learn, **how))
    at, between = between_points(run, np.repeat(y, len(scales), axis=0))
    return even_trial(run, [], training=at, test=between)


# Are a sixteenth of the points a good scale to begin with where there are fewer points, or more?
feature_scales_32 = Experiment(feature_scales, "ours", n=32, scales=(0.5, 1.0, 2.0, 4.0, 8.0, 16.0))
feature_scales_512 = Experiment(feature_scales, "ours", n=512, scales=(4.0, 8.0, 16.0, 32.0, 64.0))


@experiment("ours")
def encoded_waves(
    *,
    encoding: Literal[
        "relu", "hat", "siren", "finer", "wire", "mscale", "features", "grid"
    ] = "relu",
    scale: Annotated[float, Between(1, 256, log=True), "scale"] = 1.0,
    n: Annotated[int, Between(104, 256), "points"] = 128,
    modes: Sequence[int] = MODES,
    seeds: Sequence[int] = SEEDS,
    steps: int = 800,
    lr: Annotated[float, Between(2e-4, 1e-2, log=True)] = 2e-3,
    record_every: Sequence[int] = EARLY,
    **how: Any,
) -> Trial:
    """Ten equal waves with random phases, learned by small networks with an encoding.

    The series "test" is the mean square error between the points, over the signal's variance.
    """
    both = [targets.equal_amplitudes(2 * n, modes, seed) for seed in seeds]
    x, y = both[0][0], np.stack([values for _, values in both])
    how |= {"eval_x": x, "steps": steps, "lr": lr, "record_every": record_every}
    nets = fp.wrap(partial(make, encoding, scale), seeds=seeds)
    run = train(nets, x[::2], y[:, ::2], **how)
    test = between_points(run, y)[1]
    return even_trial(replace(run, eval_x=run.x, outputs=run.outputs[..., ::2]), modes, test=test)


waves_hat_1 = Experiment(encoded_waves, "ours", encoding="hat")
waves_hat_16 = Experiment(encoded_waves, "ours", encoding="hat", scale=16.0)
waves_siren_30 = Experiment(encoded_waves, "ours", encoding="siren", scale=30.0)
waves_siren_150 = Experiment(encoded_waves, "ours", encoding="siren", scale=150.0)
waves_finer = Experiment(encoded_waves, "ours", encoding="finer", scale=30.0)
waves_wire = Experiment(encoded_waves, "ours", encoding="wire", scale=20.0)
waves_mscale = Experiment(encoded_waves, "ours", encoding="mscale", scale=128.0)
waves_features_5 = Experiment(encoded_waves, "ours", encoding="features", scale=5.0)
waves_features_25 = Experiment(encoded_waves, "ours", encoding="features", scale=25.0)
waves_grid_32 = Experiment(encoded_waves, "ours", encoding="grid", scale=32.0)
waves_grid_128 = Experiment(encoded_waves, "ours", encoding="grid", scale=128.0)
