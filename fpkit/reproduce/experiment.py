"""What an experiment is, and the training that the one-dimensional ones share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import spectra, validation
from ..networks import MLP, Activation
from ..training import Run, train

__all__ = [
    "HIDDEN",
    "SEEDS",
    "Between",
    "Experiment",
    "Trial",
    "each",
    "even_trial",
    "experiment",
    "fit",
    "joined",
    "series_only",
]

# Hidden layers, init and rate of the one-dimensional experiments (Xu, Zhang, Xiao 2018, Fig. 3).
HIDDEN = (200, 200, 200, 100)
SEEDS = tuple(range(8))
HANDED_ON = "training"  # what a function calls the settings that it hands on to `fit`


@dataclass(frozen=True)
class Between:
    """What a reader may choose for a setting: ``Annotated[float, Between(1e-5, 1e-3, log=True)]``.

    A text beside it says what the setting is, where its name does not: ``Annotated[int,
    Between(4, 14), "dimension"]``. `fpkit.live` shows both.
    """

    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class Trial:
    """A finished run together with how to look at it.

    Attributes
    ----------
    run
        What was recorded.
    peaks
        Modes whose convergence is followed, ``(K,)``.
    spectrum
        Transform ``(..., M) -> (..., modes)`` at modes 0, 1, … of values at ``run.eval_x``.
    phase
        Position of each recorded point in cycles, ``(M,)``: mode k turns by 2πk·phase.
    series
        Other quantities at every record, ``(S, R)`` for each name.
    grains
        Of the series that count: by how much one point more or less changes them.
    half
        Keep losses and series to the three digits of half precision, since that halves the file.

    """

    run: Run
    peaks: NDArray[np.int64]
    spectrum: Callable[[ArrayLike], NDArray]
    phase: NDArray[np.float64]
    series: Mapping[str, NDArray] = field(default_factory=dict)
    grains: Mapping[str, float] = field(default_factory=dict)
    half: bool = False


def even_trial(run: Run, peaks: ArrayLike, **series: NDArray) -> Trial:
    """Look at a run on evenly spaced points with the plain DFT."""
    count = len(run.eval_x)
    return Trial(run, np.asarray(peaks), spectra.dft, np.arange(count) / count, series)


def fit(
    x: NDArray,
    y: NDArray,
    *,
    steps: int,
    hidden: Sequence[int] = HIDDEN,
    activation: str | Activation = "tanh",
    weight_std: Annotated[float, Between(0.01, 2, log=True)] = 0.1,
    lr: Annotated[float, Between(1e-5, 3e-3, log=True)] = 2e-5,
    seeds: Sequence[int] = SEEDS,
    record_every: int = 20,
    **how: Any,
) -> Run:
    """Train the papers' one-dimensional network on ``(x, y)``.

    An experiment that hands on ``**training`` to this function has its settings, too.
    """
    nets = MLP([1, *hidden, 1], activation=activation, weight_std=weight_std, seeds=seeds)
    return train(nets, x, y, steps=steps, lr=lr, record_every=record_every, **how)


def each(
    values: Iterable[Any],
    train_one: Callable[..., Run],
    *,
    checkpoint: Path | None = None,
    **how: Any,
) -> list[Run]:
    """Train once for each value: ``train_one(value, checkpoint=…, **how)``.

    Every training has a checkpoint of its own, with a number before the given name. If one is
    stopped by hand, KeyboardInterrupt is raised: the same call goes on where it was.
    """
    runs = []
    for i, value in enumerate(values):
        kept = checkpoint and checkpoint.with_name(f"{i}.{checkpoint.name}")
        run = train_one(value, checkpoint=kept, **how)
        if not run.completed:
            raise KeyboardInterrupt("stopped by hand between the settings of a sweep")
        runs.append(run)
    return runs


def joined(runs: Sequence[Run]) -> Run:
    """Return runs of C cells with S members each as one run of S·C members, seed by seed."""

    def join(arrays: Sequence[NDArray]) -> NDArray:
        return np.stack(arrays, axis=1).reshape(-1, *arrays[0].shape[1:])

    first = runs[0]
    return Run(
        x=first.x,
        y=join([np.broadcast_to(run.y, (len(run.losses), *run.y.shape[1:])) for run in runs]),
        eval_x=first.eval_x,
        steps=first.steps,
        losses=join([run.losses for run in runs]),
        outputs=join([run.outputs for run in runs]),
        observed={name: join([run.observed[name] for run in runs]) for name in first.observed},
        seeds=tuple(np.repeat(first.seeds, len(runs)).tolist()),
    )


def series_only(run: Run, series: Mapping[str, NDArray]) -> Trial:
    """Return a trial that keeps losses and ``series``, and no image, label or output."""
    nothing, outputs = np.empty(0), np.empty((*run.losses.shape, 0), np.float32)
    bare = replace(run, x=nothing, y=nothing[None], eval_x=nothing, outputs=outputs)
    return Trial(bare, np.empty(0, np.int64), spectra.dft, nothing, series)


class Experiment:
    """A function of a chapter's module, from settings to a `Trial`, with its settings.

    ``changes`` replaces some of the function's keyword defaults. The name of an experiment is that
    of the variable that holds it, and its chapter the folder it stands in; both are filled in when
    it is looked up (`fpkit.reproduce.chapters.get`).
    """

    name: str = ""
    chapter: str = ""
    function: Callable[..., Trial]
    changes: dict[str, Any]

    def __init__(
        self, function: Callable[..., Trial] | Experiment, figure: str, **changes: Any
    ) -> None:
        if isinstance(function, Experiment):
            changes, function = {**function.changes, **changes}, function.function
        self.function, self.figure, self.changes = function, figure, changes
        self.settings = _defaults(function)
        self.settings = self.merged(changes)

    @property
    def hints(self) -> dict[str, Any]:
        """What each setting may be: its annotation."""
        hints = get_type_hints(self.function, include_extras=True)
        return get_type_hints(fit, include_extras=True) | hints if HANDED_ON in hints else hints

    @property
    def summary(self) -> str:
        """What the experiment does, in a line, with the settings that differ from its function."""
        what = (inspect.getdoc(self.function) or "").split("\n")[0]
        return what + "".join(f" {name}={value}" for name, value in self.changes.items())

    def merged(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings with ``changes``, whose names must be known."""
        for name in changes:
            validation.known("setting", name, self.settings)
        return {**self.settings, **changes}


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the defaults of all settings, those of the function itself first."""
    parameters = inspect.signature(function).parameters
    own = {p.name: p.default for p in parameters.values() if p.kind is p.KEYWORD_ONLY}
    others = _defaults(fit) if HANDED_ON in parameters else {}
    return own | {name: default for name, default in others.items() if name not in own}


def experiment(figure: str) -> Callable[[Callable[..., Trial]], Experiment]:
    """Make an experiment of the function below, which has the name and the settings.

    ``figure`` says where it is from: a figure of a paper, "ours", or "control".
    """
    return lambda function: Experiment(function, figure)
