"""Claims about low and high frequencies on images, by filtering (rows R29, R60)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fpkit import widgets
from fpkit.reproduce import Result, Verdict, chapters, counted, judge, load_or_run

__all__ = ["FILTERED", "curves", "informative", "low_first", "of_filter", "shuffled"]

# The runs that are judged: data, and dense or convolutional networks.
FILTERED = (
    "filtering_mnist",
    "filtering_mnist_convolutional",
    "filtering_cifar",
    "filtering_cifar_convolutional",
    "filtering_digits",
)
# Those of which the slides show the like. They show δ = 3, too, and 10 for another network only.
ON_SLIDES = FILTERED[:2]
# The width of theirs at which an image of MNIST is nearly alone, so that the row leaves it out.
NARROW = 3.0
# Ours: a network tends to learn low first if e_low < e_high in more than this share of records.
MOSTLY = 0.5
# Ours: the records that are looked at, the first part of a run.
EARLY = 0.5
# Ours: a filter tells something if its averages are over at least so many images and at most such
# a share of all.
FEWEST, LARGEST_SHARE = 10, 1 / 3


def of_filter(result: Result, quantity: str, delta: float) -> NDArray[np.float64]:
    """Return a series of `book.filtering.experiments`, such as ``low``, for one δ, ``(S, R)``."""
    return result.series[f"{quantity} {delta:g}"].astype(np.float64)


def informative(result: Result) -> list[float]:
    """Return the δ of a result that its data leave something to say about."""
    settings = result.settings
    counts = {d: of_filter(result, "neighbours", d)[0, 0] for d in settings["deltas"]}
    most = LARGEST_SHARE * settings["n"]
    return [delta for delta, count in counts.items() if FEWEST <= count <= most]


def low_first(result: Result, delta: float) -> NDArray[np.float64]:
    """Return the share of records in the first half with e_low < e_high, ``(S,)``.

    Step 0 is left out: there the output is zero, and both are 1.
    """
    early = slice(1, int(EARLY * len(result.steps)) + 1)
    low, high = (of_filter(result, quantity, delta)[:, early] for quantity in ("low", "high"))
    return (low < high).mean(axis=1)


def shuffled() -> dict[str, Result]:
    """Return the runs of `FILTERED` that were made with the labels of other images, too."""
    names = (f"{name}_shuffled" for name in FILTERED)
    return {name: load_or_run(name) for name in names if name in chapters.experiments("filtering")}


def curves(result: Result) -> widgets.Curves:
    """Return the curves of both errors, medians over networks, with δ on a slider."""
    deltas = result.settings["deltas"]
    bands = ("low", "high")
    medians = [[np.median(of_filter(result, b, d), axis=0) for b in bands] for d in deltas]
    linear = [[of_filter(result, f"linear_{b}", d)[0, 0] for b in bands] for d in deltas]
    count = [of_filter(result, "neighbours", d)[0, 0] for d in deltas]
    return widgets.curves(
        result.steps,
        medians,
        names=["low part", "rest"],
        parameter="δ",
        settings=[f"{delta:g}" for delta in deltas],
        y_label="relative error",
        references=linear,
        notes=[f"{c:,.1f} effective neighbours of {result.settings['n']:,}" for c in count],
    )


def _shares(result: Result) -> NDArray[np.float64]:
    """Return `low_first` for every informative δ, ``(D, S)``."""
    return np.stack([low_first(result, delta) for delta in informative(result)])


def _data(name: str) -> str:
    """Return the data and the network of a run in words."""
    return name.removeprefix("filtering_").replace("_", ", ")


def _told(name: str, result: Result) -> str:
    """Say for each informative δ in how many records low frequencies are ahead."""
    rows = zip(informative(result), _shares(result), strict=True)
    return "; ".join(f"{_data(name)}, δ = {delta:g}: {row.mean():.0%}" for delta, row in rows)


def _told_of_shuffled(names: Sequence[str]) -> str:
    """Say the same of the runs with the labels of other images, all δ together."""
    found = shuffled()
    return "; ".join(
        f"{_data(name)}: "
        + (f"{_shares(found[other]).mean():.0%}" if other in found else "not run")
        for name, other in ((name, f"{name}_shuffled") for name in names)
    )


def _told_of_linear(result: Result) -> str:
    """Say what both errors of the best linear predictor are at the first informative δ."""
    delta = informative(result)[0]
    low, high = (of_filter(result, f"linear_{part}", delta)[0, 0] for part in ("low", "high"))
    return f"e_low = {low:.2f} and e_high = {high:.2f} at δ = {delta:g}"


def _row(names: Sequence[str], figure: str, claim: str, also: str = "") -> Verdict:
    """Return the verdict on ``claim`` for some of the runs; a network counts with its worst δ."""
    results = {name: load_or_run(name) for name in names}
    each = [_shares(result).min(axis=0) for result in results.values()]
    worst, seeds = np.concatenate(each), min(map(len, each))
    control = _shares(load_or_run("filtering_digits_high_first"))
    matched = [shuffled().get(f"{name}_shuffled") for name in names]
    controls = [control, *(_shares(result) for result in matched if result)]
    # One kind of control in which low frequencies are ahead as well is enough to tell nothing.
    as_much = any((each.min(axis=0) > MOSTLY).all() for each in controls)
    return Verdict(
        figure=figure,
        claim=claim,
        seeds=seeds,
        effect="e_low < e_high in so many records of the first half: "
        f"{'; '.join(_told(*each) for each in results.items())}; in all of them for "
        f"{counted(worst == 1)} networks{also}",
        control=f"a loss on digits in which low frequencies hardly count: {control.mean():.0%}; "
        f"labels of other images, with hardly any low part: {_told_of_shuffled(names)}; but the "
        "best linear predictor, which learns in no order, has "
        f"{_told_of_linear(results[names[0]])} ({_data(names[0])})",
        control_fails=bool((control.min(axis=0) < 1).all()),
        outcome=judge((worst == 1) & (not as_much), worst > MOSTLY, control=as_much, seeds=seeds),
    )


def R29() -> Verdict:
    figure, results = chapters.get(ON_SLIDES[0]).figure, [load_or_run(name) for name in ON_SLIDES]
    near = np.mean([of_filter(result, "neighbours", NARROW)[0, 0] for result in results])
    narrow = np.concatenate([low_first(result, NARROW) for result in results])
    taken = " and ".join(f"{delta:g}" for delta in informative(results[0]))
    claim = (
        'low frequencies first "in high-dim space" (a slide of panels, without words: the networks'
        f", MNIST, that δ is {taken} and not the slide's {NARROW:g}, at which an image has "
        f"{near:.1f} neighbours, and how far e_low has to be ahead are ours)"
    )
    return _row(ON_SLIDES, figure, claim, f"; at δ = {NARROW:g} {narrow.mean():.0%}")


def R60() -> Verdict:
    claim = "so it does on CIFAR-10 and on small digits, for δ chosen by the data"
    return _row(FILTERED[2:], "ours, beside the slides of Zhang and Luo", claim)
