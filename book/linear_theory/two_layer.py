"""Two-layer ReLU networks in the parametrisation of the linear F-Principle, to be trained.

    h(x) = Σⱼ wⱼ ReLU(rⱼ (uⱼ·x + lⱼ)),    uⱼ a direction (in one dimension u = 1)

without a factor for the width: the network is the wider the lazier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import scipy
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from book.linear_theory.wide_limit import as_points
from fpkit import validation
from fpkit.networks import Ensemble, member_seeds

__all__ = ["TwoLayer", "heavy_ball", "movement"]


class HingeSum(torch.autograd.Function):
    """Σⱼ wⱼ ReLU(rⱼ (sⱼ + lⱼ)) with its derivatives by w, r, l; half the time of automatic ones.

    With places p = s + l and H = 1 where r·p > 0, the sum is Σ (w·r)(p·H), and its derivatives are
    r·(p·H), w·(p·H) and w·r·H.
    """

    @staticmethod
    def forward(ctx: Any, s: Tensor, w: Tensor, r: Tensor, l: Tensor) -> Tensor:  # noqa: E741
        """Map s ``(N, 1)`` or ``(C, N, m)`` and parameters ``(C, m)`` to sums ``(C, N)``."""
        place = s + l[:, None]
        active = ((place > 0) == (r[:, None] > 0)).to(place.dtype)
        place *= active
        ctx.save_for_backward(w, r, place, active)
        return (place @ (w * r)[..., None])[..., 0]

    @staticmethod
    def backward(ctx: Any, pull: Tensor) -> tuple[Tensor | None, ...]:
        """Return the derivatives for ``pull`` ``(C, N)``."""
        w, r, place, active = ctx.saved_tensors
        first, zeroth = ((pull[:, None] @ part)[:, 0] for part in (place, active))
        return None, r * first, w * first, w * r * zeroth


class TwoLayer(Ensemble):
    """S antisymmetrical two-layer networks for `fpkit.train`, in double precision.

    A member is (h(x; θ₁) - h(x; θ₂))/√2 with two copies that start equal: the output starts at 0,
    and the kernel is that of one copy.

    Parameters
    ----------
    neurons
        Neurons m of one copy.
    outer, inner
        w is even on ±outer, r on ±inner.
    half_width
        Hinges l lie on ±half_width.
    dim
        Number of inputs, 1 or 2. In two dimensions directions u are drawn from the circle.
    trained
        Any of "w", "r", "l", "u". In one dimension there is no "u"; in more, "r" and "u" together
        train the vector r·u, as plain gradient descent does.
    even
        Draw (w, r, l) from a scrambled Halton sequence, which fills the box evenly, in place of
        independent draws: the means over the neurons are then much closer to their limits.
    seeds
        One integer per member.

    """

    antisymmetric = True

    w: Tensor
    r: Tensor
    l: Tensor  # noqa: E741
    u: Tensor

    def __init__(
        self,
        neurons: int,
        *,
        outer: float,
        inner: float,
        half_width: float = 4.0,
        dim: int = 1,
        trained: Sequence[str] = ("w", "r", "l"),
        even: bool = False,
        seeds: Sequence[int] = (0,),
    ) -> None:
        super().__init__()
        count = validation.positive_int("neurons", neurons)
        if dim not in (1, 2):
            raise ValueError(f"dim: expected 1 or 2, got {dim!r}")
        self.outer, self.inner = (
            validation.positive("outer", outer),
            validation.positive("inner", inner),
        )
        self.half_width = validation.positive("half_width", half_width)
        known = ("w", "r", "l") if dim == 1 else ("w", "r", "l", "u")
        self.trained = tuple(validation.known("trained", name, known) for name in trained)
        if not self.trained:
            raise ValueError(f"trained: expected at least one of {known}, got {trained!r}")
        if "u" in self.trained and "r" not in self.trained:
            raise ValueError("trained: 'u' is trained together with 'r', as one vector; got no 'r'")
        self.widths, self.seeds = [dim, count, 1], member_seeds(seeds)
        members = [self._draw(seed, even) for seed in self.seeds]
        w, r, l, u = (np.stack(2 * list(parts)) for parts in zip(*members, strict=True))  # noqa: E741
        if "u" in self.trained:
            r = r[..., None] * u
        for name, values in (("w", w), ("r", r), ("l", l)):
            value = nn.Parameter(torch.from_numpy(values), requires_grad=name in self.trained)
            setattr(self, name, value)
        self.register_buffer("u", torch.from_numpy(u), persistent=False)

    def _draw(self, seed: int, even: bool) -> tuple[NDArray, ...]:
        """Return w, r, l ``(m,)`` and u ``(m, d)`` of one copy."""
        dim, count, _ = self.widths
        kinds = 3 if dim == 1 else 4
        if even:
            drawn = scipy.stats.qmc.Halton(kinds, scramble=True, seed=seed).random(count)
        else:
            drawn = np.random.default_rng(seed).uniform(size=(count, kinds))
        w, r, l = (2 * drawn[:, :3] - 1).T  # noqa: E741
        u = np.ones((count, 1))
        if dim == 2:
            turn = 2 * np.pi * drawn[:, 3]
            u = np.column_stack([np.cos(turn), np.sin(turn)])
        return self.outer * w, self.inner * r, self.half_width * l, u

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs ``(N, d)`` to outputs ``(S, N, 1)``."""
        self.check_type(x)
        if x.ndim != 2 or x.shape[1] != self.widths[0]:
            raise ValueError(f"x: expected shape (N, {self.widths[0]}), got {tuple(x.shape)}")
        if "u" in self.trained:
            inside = x @ self.r.mT + (self.r.norm(dim=-1) * self.l)[:, None]
            summed = (self.w[:, None] * torch.relu(inside)).sum(-1)
        else:
            along = x if self.widths[0] == 1 else x @ self.u.mT
            summed = HingeSum.apply(along, self.w, self.r, self.l)
        return self.from_copies(summed)[..., None]

    def kernel(self, x: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
        """Return the network's own kernel Σ ∂h(x)·∂h(z) over what is trained, ``(S, N, M)``."""
        features = [self._gradients(as_points(name, v)) for name, v in (("x", x), ("z", z))]
        return sum(np.matmul(f, np.swapaxes(g, 1, 2)) for f, g in zip(*features, strict=True))

    def _gradients(self, points: NDArray) -> list[NDArray]:
        """Return ∂h/∂θ of one copy ``(S, N, m)`` for each trained kind of parameter."""
        parts = (self.w, self.r, self.l, self.u)
        w, r, l, u = (p.numpy(force=True)[: self.size] for p in parts)  # noqa: E741
        if "u" in self.trained:
            size = np.linalg.norm(r, axis=-1)
            u = r / size[..., None]
        else:
            size = r
        w, size, place = w[:, None], size[:, None], points @ np.swapaxes(u, 1, 2) + l[:, None]
        active = (size * place > 0).astype(np.float64)
        gradients = {"w": size * place * active, "r": w * place * active, "l": w * size * active}
        if "u" in self.trained:  # along the circle of directions
            across = np.stack([-u[..., 1], u[..., 0]], axis=1)
            gradients["u"] = w * active * (points @ across)
        return [gradients[name] for name in self.trained]

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        return (
            f"{self.size} x {self.widths[1]} neurons in {self.widths[0]}-d, w ±{self.outer:g}, "
            f"r ±{self.inner:g}, l ±{self.half_width:g}, trained {', '.join(self.trained)}"
        )


def movement(nets: TwoLayer) -> Callable[[TwoLayer], dict[str, Tensor]]:
    """Return what `fpkit.train` is to observe: how far the parameters are from where they are now.

    "moved" is the length of the change over the length of the start, for the kind of parameter
    (w, r or l) that moves most, ``(S,)``.
    """
    return partial(_moved, [p.detach().clone() for p in nets.parameters()])


def _moved(start: Sequence[Tensor], now: TwoLayer) -> dict[str, Tensor]:
    share = [
        (p.detach().to(q.device) - q).flatten(1).norm(dim=1) / q.flatten(1).norm(dim=1)
        for p, q in zip(now.parameters(), start, strict=True)
    ]
    return {"moved": torch.stack(share).amax(dim=0).view(2, -1).amax(dim=0)}


def heavy_ball(eigenvalues: ArrayLike) -> tuple[float, float]:
    """Return learning rate and momentum that are fastest for a kernel with these eigenvalues.

    Polyak's method: 4/(√λ₁ + √λₙ)² and ((√κ - 1)/(√κ + 1))², κ = λ₁/λₙ; the rate is taken 10 %
    lower, because the kernel of a finite network moves a little.
    """
    rates = validation.real_array("eigenvalues", eigenvalues)
    if rates.min() <= 0:
        raise ValueError(f"eigenvalues: expected numbers above 0, got {rates.min():.3g}")
    high, low = np.sqrt(rates.max()), np.sqrt(rates.min())
    return float(0.9 * 4 / (high + low) ** 2), float(((high - low) / (high + low)) ** 2)
