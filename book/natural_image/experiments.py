"""A natural image as a function of position (Xu, Zhang, Xiao 2018, Fig. 2; Xu 2018, Figs. 2, 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from book.natural_image import image_rows
from book.natural_image.photographs import photograph
from fpkit import spectra
from fpkit.networks import MLP
from fpkit.reproduce import SEEDS, Between, Experiment, Trial
from fpkit.training import train

__all__ = ["crop", "row_spectrum", "target_image"]

HIDDEN = (500, 400, 300, 200, 100, 100)
# The list of the earlier version of Xu (2018).
LONGER = (500, 400, 300, 200, 200, 100, 100)


def crop(photo: str, top: int, left: int, stride: int, size: int) -> NDArray[np.float64]:
    """Return ``size`` rows and columns of a photograph from (top, left), every ``stride``-th."""
    rows, columns = (slice(start, start + stride * size, stride) for start in (top, left))
    return photograph(photo, rows, columns)


def target_image(settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return the image of a run with these settings, test pixels included."""
    return crop(**{key: settings[key] for key in ("photo", "top", "left", "stride", "size")})


def row_spectrum(values: ArrayLike, *, row: int, size: int) -> NDArray:
    """Transform the training pixels of one row, of values at all pixels or at those alone."""
    lines = np.asarray(values).reshape(*np.shape(values)[:-1], size, -1)[..., row, :]
    return spectra.dft(lines if lines.shape[-1] < size else lines[..., image_rows.TRAIN])


def natural_image(
    *,
    photo: Literal["chelsea", "camera", "china", "flower"] = "chelsea",
    top: Annotated[int, Between(0, 100), "top edge"] = 72,
    left: Annotated[int, Between(0, 200), "left edge"] = 127,
    stride: Annotated[int, Between(1, 3), "stride"] = 2,
    size: Annotated[int, Between(40, 60), "rows and columns"] = 48,
    row: Annotated[int, Between(0, 59), "marked row"] = 15,
    hidden: Sequence[int] = HIDDEN,
    weight_std: Annotated[float, Between(0.03, 1, log=True)] = 0.08,
    bias_std: float | None = None,
    antisymmetric: bool = False,
    seeds: Sequence[int] = SEEDS,
    steps: int = 6_000,
    lr: float = 2e-5,
    record_every: int = 8,
    **how: Any,
) -> Trial:
    """Grey value of a photograph as a function of the pixel's position, odd columns to train on.

    Followed are the first four peaks of one row. Series: "test_loss", the mean square error at the
    even columns; "above", the output's energy above the training pixels' Nyquist frequency, and
    "overlap", its correlation with what the initial output has there; "dot", the contrast of the
    brightest dot relative to the target's; and those of `image_rows.row_order`.
    """
    image = crop(photo, top, left, stride, size)
    place, peaks = image_rows.dot(image), image_rows.row_peaks(image)
    if row not in peaks:
        raise ValueError(f"row: {row} has fewer than four peaks; these have them: {[*peaks]}")
    everywhere = image_rows.positions(image.shape)
    train_x = everywhere.reshape(size, size, 2)[:, image_rows.TRAIN].reshape(-1, 2)
    nets = MLP([2, *hidden, 1], weight_std=weight_std, bias_std=bias_std, seeds=seeds,
               antisymmetric=antisymmetric)  # fmt: skip
    run = train(nets, train_x, image[:, image_rows.TRAIN].ravel(), steps=steps, lr=lr,
                record_every=record_every, eval_x=everywhere, **how)  # fmt: skip
    outputs = image_rows.as_images(run.outputs, image.shape)
    order = image_rows.row_order(run.steps, outputs, image)
    series = {
        "test_loss": np.square((outputs - image)[..., image_rows.TEST]).mean(axis=(-2, -1)),
        "above": image_rows.above_nyquist(outputs),
        "overlap": image_rows.overlap_above(outputs[:, :1], outputs),
        "dot": image_rows.contrast(outputs, place) / image_rows.contrast(image, place),
        **order,
    }

    def spectrum(values: ArrayLike) -> NDArray:
        return row_spectrum(values, row=row, size=size)

    phase = np.tile((np.arange(size) - 1) / size, size)
    # All of the order are means over rows, of numbers that are at most 2 apart.
    grains = dict.fromkeys(order, 2 / len(peaks))
    return Trial(run, peaks[row], spectrum, phase, series, grains)


P1, P2, P2S = "Xu, Zhang, Xiao (2018), Fig. 2", "Xu (2018)", "Xu (2018), earlier version"
CAMERA = {"photo": "camera", "top": 60, "left": 150, "stride": 3, "row": 33}
LARGE = {"weight_std": 0.5, "steps": 1_500}
# Five times the papers' rate: as far in a third of the steps.
FASTER = {"lr": 1e-4, "steps": 2_000}

image_eye = Experiment(natural_image, f"{P1}a–h; {P2}, Fig. 2")
image_eye_faster = Experiment(natural_image, "ours", **FASTER, seeds=SEEDS[:2])
image_eye_large_init = Experiment(natural_image, f"{P1}i–l; {P2}, Fig. 3", **LARGE)
image_eye_large_weights = Experiment(
    natural_image, f"{P2S}, Fig. 4", **{**LARGE, "steps": 1_000}, hidden=LONGER, bias_std=0.08
)
image_eye_zero_start = Experiment(
    natural_image, "ours", **{**LARGE, "steps": 500}, antisymmetric=True
)
image_camera = Experiment(natural_image, f"{P2S}, Fig. 5", **CAMERA, **FASTER, hidden=LONGER)
