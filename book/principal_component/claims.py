"""Claims about labels of images along a principal direction (rows R15, R59).

Spectra are linear, so those of centred functions need no second run: F[f - f̄] = F[f] - f̄·F[1],
where the mean f̄ is mode 0 of F[f], and F[1] is the spectrum of the images' density.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fpkit.convergence import convergence_step, in_order, settling_step
from fpkit.reproduce import Order, Orders, Result, Verdict, chapters, counted, judge, load_or_run
from fpkit.reproduce.judgement import READINGS

__all__ = [
    "CONTROL",
    "LIMIT",
    "RUNS",
    "SHOWN",
    "WAVES",
    "above",
    "error",
    "first_three",
    "growing_constant",
    "on_a_line",
    "order",
    "spectrum",
]

# The runs that are judged, in words.
RUNS = {
    "principal_mnist": "MNIST, dense",
    "principal_mnist_convolutional": "MNIST, convolutional",
    "principal_mnist_centred": "MNIST, dense, usual start",
    "principal_cifar": "CIFAR-10, dense",
    "principal_cifar_convolutional": "CIFAR-10, convolutional",
}
# The paper's: it draws a component as not learned above 0.3, and as learned below 0.05.
LIMIT = 0.3
# Ours, since 2026-11-29: of labels as they are, so many components are looked at; the noise floor
# hides the others.
LOWEST = 3
# Ours, since 2026-11-30: a constant that grows to the mean label is looked at at so many sizes.
SIZES = 101
# What `on_a_line` shows: which function, and whether centred.
SHOWN = (
    ("output", False),
    ("constant", False),
    ("linear", False),
    ("output", True),
    ("linear", True),
)
# Ours: labels made of four equal waves along the line: what a clear order looks like, and no order.
WAVES, CONTROL = "principal_digits_waves", "principal_digits_waves_large_init"


def spectrum(
    result: Result, of: str, line: str = "first", *, centred: bool = False
) -> NDArray[np.complex128]:
    """Return a stored spectrum along a line, ``(S or 1, R or 1, columns, modes)``.

    ``of`` is "output", "labels", "linear" (the best linear predictor), "density", or "constant",
    the predictor that knows the mean label only. ``centred`` takes each function minus its mean.
    """
    if of == "constant":
        coefficients = spectrum(result, "labels", line)[..., :1] * spectrum(result, "density", line)
    else:
        real, imaginary = (result.series[f"{of} {line} {part}"] for part in ("real", "imaginary"))
        coefficients = real.astype(np.float64) + 1j * imaginary
    if centred:
        coefficients = coefficients - coefficients[..., :1] * spectrum(result, "density", line)
    return coefficients


def above(result: Result, line: str = "first") -> NDArray[np.int64]:
    """Return the modes from 1 at which centred labels stand above the noise floor."""
    size = np.linalg.norm(spectrum(result, "labels", line, centred=True), axis=-2)[0, 0]
    found = np.flatnonzero(size > result.series[f"floor {line}"][0, 0])
    return found[found > 0]


def error(
    result: Result, line: str = "first", *, of: str = "output", centred: bool = True
) -> NDArray[np.float64]:
    """Return Δ_F at all modes from 1 on, ``(S or 1, R or 1, modes - 1)``.

    With several columns it is the norm of the differences over the norm of the labels' spectra.
    """
    labels = spectrum(result, "labels", line, centred=centred)[..., 1:]
    wrong = labels - spectrum(result, of, line, centred=centred)[..., 1:]
    return np.linalg.norm(wrong, axis=-2) / np.linalg.norm(labels, axis=-2)


def order(result: Result, line: str = "first", *, limit: float = LIMIT) -> Order:
    """Measure the order in which modes above the noise floor are learned, labels centred."""
    delta = error(result, line)[..., above(result, line) - 1]
    return Order.of(convergence_step(result.steps, delta, limit))


def first_three(result: Result, reading: str = "first crossing") -> NDArray[np.bool]:
    """Tell for each network whether k = 1, 2, 3 are learned in order, labels as they are, ``(S,)``.

    This is our reading of the paper, which names no k; the mean label is most of it.
    """
    return in_order(_learned(result, reading))


def _learned(result: Result, reading: str = "first crossing") -> NDArray[np.float64]:
    """Return when k = 1, 2, 3 are learned, labels as they are, ``(S, 3)``."""
    delta = error(result, centred=False)[..., :LOWEST]
    return READINGS[reading](result.steps, delta, LIMIT)


def growing_constant(result: Result) -> NDArray[np.float64]:
    """Return at which share of the mean label a constant has learned k = 1, 2, 3, ``(1, 3)``.

    The constant looks at no image. It grows from 0 to the mean label, and labels are as they are;
    ∞ for what even the mean label leaves unlearned.
    """
    shares = np.linspace(0, 1, SIZES)
    constant, labels = (
        spectrum(result, of)[0, :1, :, 1 : LOWEST + 1] for of in ("constant", "labels")
    )
    wrong = np.linalg.norm(labels - shares[:, None, None] * constant, axis=-2)
    return convergence_step(shares, (wrong / np.linalg.norm(labels, axis=-2))[None], LIMIT)


def on_a_line(result: Result, line: str = "first", member: int = 0) -> Result:
    """Return functions along a line as a result for `fpkit.widgets.scrubber`.

    Its points are places on the direction, and a function there is the sum of its stored modes: the
    mean value of the images at a place times how many there are. The members are those of `SHOWN`,
    the output that of network ``member``; the losses are mean squares on the line.
    """
    records, modes = len(result.steps), spectrum(result, "labels", line).shape[-1]
    x = np.arange(2 * modes) / (2 * modes)
    peaks = above(result, line)[:6]

    def curve(of: str, centred: bool) -> NDArray[np.float64]:
        coefficients = spectrum(result, of, line, centred=centred)[..., 0, :]
        own = coefficients[member if len(coefficients) > 1 else 0]
        values = np.fft.irfft(own, n=len(x), norm="forward")
        return np.broadcast_to(values, (records, len(x)))

    def delta(of: str, centred: bool) -> NDArray[np.float64]:
        every = error(result, line, of=of, centred=centred)[..., peaks - 1]
        return np.broadcast_to(every[member if len(every) > 1 else 0], (records, len(peaks)))

    y = np.stack([curve("labels", centred)[0] for _, centred in SHOWN])
    outputs = np.stack([curve(*which) for which in SHOWN])
    return replace(
        result,
        x=x,
        eval_x=x,
        phase=x,
        y=y,
        peaks=peaks,
        frames=result.steps,
        outputs=outputs.astype(np.float16),
        errors=np.stack([delta(*which) for which in SHOWN]),
        losses=np.square(outputs - y[:, None]).mean(axis=-1),
        series={},
    )


def _orders(result: Result, line: str = "first") -> Orders:
    """Return `order` by first crossing and by settling."""
    delta = error(result, line)[..., above(result, line) - 1]
    every = (find(result.steps, delta, LIMIT) for find in (convergence_step, settling_step))
    return Orders(*map(Order.of, every))


def _waves() -> tuple[Orders, Orders]:
    """Return the orders for labels made of waves, and with large initial weights."""
    clear, control = (_orders(load_or_run(name), "first even") for name in (WAVES, CONTROL))
    return clear, control


def _told(name: str, result: Result) -> str:
    """Say which run a result is, and how many of its networks are in order."""
    settings = result.settings
    return (
        f"{RUNS[name]}, {settings['n']:,} {settings['part']} images, rate {settings['lr']:g}: in "
        f"order {counted(first_three(result))} by first crossing, "
        f"{counted(first_three(result, 'settling'))} by settling{_alike(_learned(result))}"
    )


def _alike(learned: NDArray) -> str:
    """Say whether all networks learn at the same records, so that they count as one."""
    return " (all at the same records)" if (learned == learned[0]).all() else ""


def _constants(found: Mapping[str, Result]) -> tuple[NDArray[np.bool], str]:
    """Return whether a growing constant is in order, for each set of images, and say so."""
    each = {RUNS[name].partition(",")[0]: growing_constant(r) for name, r in found.items()}
    ordered = {data: bool(in_order(learned).all()) for data, learned in each.items()}
    told = "; ".join(
        f"{data}: k = {', '.join(map(str, 1 + np.flatnonzero(np.isfinite(learned[0]))))}, "
        f"{'in order' if ordered[data] else 'not in order'}"
        for data, learned in each.items()
    )
    return np.array([*ordered.values()]), told


def _all_three(result: Result) -> NDArray[np.bool]:
    """Tell for each network whether k = 1, 2, 3 are learned at some time, labels as they are."""
    delta = error(result, centred=False)[..., :LOWEST]
    return np.all(delta.min(axis=1) < LIMIT, axis=1)


def R15() -> Verdict:
    found = {name: r for name in RUNS if (r := load_or_run(name)).settings["labels"] == "number"}
    ordered = [first_three(result) for result in found.values()]
    together, seeds = np.concatenate(ordered), min(map(len, ordered))
    clear, control = _waves()
    constants, told = _constants(found)
    passes = control.strict.all() or constants.all()
    return Verdict(
        figure=chapters.get("principal_mnist").figure,
        claim='"except for few components, the DNNs capture the training data from low to high '
        'frequency", judged at k = 1, 2, 3 (ours), labels as they are',
        seeds=seeds,
        effect=f"not the paper's runs: {'; '.join(_told(*each) for each in found.items())}; "
        f"labels made of waves: {clear}",
        control=f"waves, large initial weights: {control}; a constant that grows to the mean label "
        f"and looks at no image learns, {told} (where it is in order, the runs tell nothing)",
        control_fails=not passes,
        outcome=judge(
            together,
            together,
            control=passes,
            seeds=seeds,
            finished=np.concatenate([_all_three(result) for result in found.values()]),
        ),
    )


def R59() -> Verdict:
    found = {name: load_or_run(name) for name in RUNS}
    orders = {name: _orders(result) for name, result in found.items()}
    together = Orders.together([*orders.values()])
    text = "; ".join(
        f"{RUNS[name]}: {measured} over {len(above(found[name]))} components"
        for name, measured in orders.items()
    )
    seeds = min(len(measured.strict) for measured in orders.values())
    clear, control = _waves()
    return Verdict(
        figure=f"ours, after {chapters.get('principal_mnist').figure}",
        claim="along the first principal direction low frequencies of the labels are learned first "
        "(centred labels, components above the noise floor)",
        seeds=seeds,
        effect=f"{text}; labels made of waves: {clear}",
        control=f"waves, large initial weights: {control}",
        control_fails=not control.strict.all(),
        outcome=together.judge(control, seeds),
    )
