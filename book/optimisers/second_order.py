"""Optimisers that `fpkit.train` takes and torch does not have for ensembles.

`gauss_newton` is a step for any module of torch, to be copied. For ensembles, `GaussNewton` makes
the step that the linearised network asks for, and `ByMember` gives each network an optimiser of its
own, for those that look at whole matrices or search along a line. All look at the points
themselves, so they are for the full batch.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, jacrev
from torch.optim import LBFGS, Optimizer

from fpkit import theory
from fpkit.networks import MLP

__all__ = ["SEARCH", "ByMember", "GaussNewton", "damped", "gauss_newton", "lbfgs", "muon"]
__all__ += ["to_copy"]

# How often L-BFGS may look at the loss in one step. Torch's own limit is a part of the iterations,
# max_iter * 5 // 4. With one iteration that is 1, and nothing is left for the line search.
SEARCH = 30
Make = Callable[[Sequence[nn.Parameter], float], list[Optimizer]]


def damped(eigenvalues: Tensor, damping: float) -> Tensor:
    """Return (1 + c) / (λ + c·λ_max) for eigenvalues λ ``(..., N)`` in rising order, damping c.

    By this a step multiplies the error along each eigenvector of JJᵀ before Jᵀ. The steepest
    direction shrinks by the same part whatever c is: with c = 0 all do (Gauss-Newton), with c → ∞
    each in proportion to its λ (gradient descent with the rate 1/λ_max).
    """
    values = eigenvalues.clamp(min=0)
    return (1 + damping) / (values + damping * values[..., -1:])


def gauss_newton(
    net: nn.Module,
    x: Tensor,
    y: Tensor,
    rate: float = 0.1,
    c: float = 1e-5,
) -> None:
    """Make a damped Gauss-Newton step of a network with one output."""
    weights = {name: w.detach() for name, w in net.named_parameters()}
    J = jacrev(lambda w: functional_call(net, w, (x,))[:, 0])(weights)
    J = torch.cat([part.flatten(1) for part in J.values()], dim=1)
    K = J @ J.T
    mu = c * torch.linalg.matrix_norm(K, 2)
    wrong = y - net(x)[:, 0].detach()
    pull = torch.linalg.solve(K + mu * torch.eye(len(K)).to(K), wrong)
    w = torch.nn.utils.parameters_to_vector(net.parameters()).detach()
    w = w + rate * (1 + c) * J.T @ pull
    torch.nn.utils.vector_to_parameters(w, net.parameters())


def to_copy() -> str:
    """Return `gauss_newton` with its imports, as it runs by itself."""
    imports = ("import torch", "from torch import Tensor, nn",
               "from torch.func import functional_call, jacrev")  # fmt: skip
    return "\n".join([*imports, "", "", inspect.getsource(gauss_newton)])


class GaussNewton(Optimizer):
    """Damped Gauss-Newton for an ensemble with one output.

    θ ← θ + lr·(1 + c)·Jᵀ(JJᵀ + c·λ_max)⁻¹(y - f), which is (JᵀJ + c·λ_max)⁻¹Jᵀ(y - f) by another
    way: with fewer points than parameters JJᵀ is the smaller matrix.

    Parameters
    ----------
    params, lr
        As for every optimiser; the parameters of ``nets``.
    nets, x, y
        The ensemble, its points ``(N, d)`` and targets ``(N,)``, or ``(S, N)``.
    damping
        The c above, at least 0.

    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        *,
        nets: MLP,
        x: NDArray,
        y: NDArray,
        damping: float,
    ) -> None:
        super().__init__(params, {"lr": lr})
        self.nets, self.points, self.damping = nets, x, damping
        self.x, self.y = (torch.as_tensor(each, dtype=nets.dtype) for each in (x, y))

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Make a step; the gradients that are there are not used."""
        kernels = torch.as_tensor(theory.kernel(self.nets, self.points))
        values, vectors = torch.linalg.eigh(kernels)
        outputs = self.nets(self.x)[..., 0]
        wrong = (self.y - outputs.detach()).double()[..., None]
        pull = vectors @ (damped(values, self.damping)[..., None] * (vectors.mT @ wrong))
        (group,) = self.param_groups
        moves = torch.autograd.grad(outputs, group["params"], pull[..., 0].to(outputs.dtype))
        with torch.no_grad():
            for parameter, move in zip(group["params"], moves, strict=True):
                parameter.add_(move, alpha=group["lr"])


class ByMember(Optimizer):
    """For each network of an ensemble optimisers of its own, which see its matrices as matrices.

    Arguments are those of `GaussNewton`, and ``make``: it gets the parameters of one network,
    matrices that share their memory with the ensemble, and the rate, and returns optimisers.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        *,
        nets: MLP,
        x: NDArray,
        y: NDArray,
        make: Make,
    ) -> None:
        super().__init__(params, {"lr": lr})
        self.alone = nets.part(range(1))
        self.names = [name for name, _ in nets.named_parameters()]
        # Two copies of each network, if it begins with output 0.
        self.places = [nets.rows(range(i, i + 1)).tolist() for i in range(nets.size)]
        self.x, targets = (torch.as_tensor(each, dtype=nets.dtype) for each in (x, y))
        self.y = targets.expand(nets.size, -1)
        whole = self.param_groups[0]["params"]
        self.rows = [[nn.Parameter(p.data[i]) for i in at for p in whole] for at in self.places]
        self.engines = [make(rows, lr) for rows in self.rows]

    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Let every network make its own step."""
        whole = self.param_groups[0]["params"]
        members = zip(self.places, self.rows, self.engines, self.y, strict=True)
        for places, rows, engines, y in members:
            gradients = [parameter.grad[i] for i in places for parameter in whole]
            for row, gradient in zip(rows, gradients, strict=True):
                row.grad = gradient
            for engine in engines:
                searching: Any = [partial(self._loss, rows, y)] if isinstance(engine, LBFGS) else []
                engine.step(*searching)

    def _loss(self, rows: Sequence[nn.Parameter], y: Tensor) -> Tensor:
        """Return the loss of one network, and leave its gradients in ``rows``."""
        with torch.enable_grad():
            count = len(self.names)
            own = {name: torch.stack([*rows[i::count]]) for i, name in enumerate(self.names)}
            loss = (functional_call(self.alone, own, (self.x,))[0, :, 0] - y).square().mean()
            for row, gradient in zip(rows, torch.autograd.grad(loss, rows), strict=True):
                row.grad = gradient
        return loss

    def state_dict(self) -> dict[str, Any]:
        """Return the state of all optimisers."""
        return {"engines": [[each.state_dict() for each in own] for own in self.engines]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take back what `state_dict` returned."""
        for own, states in zip(self.engines, state_dict["engines"], strict=True):
            for engine, state in zip(own, states, strict=True):
                engine.load_state_dict(state)


def lbfgs(rows: Sequence[nn.Parameter], lr: float) -> list[Optimizer]:
    """Return torch's L-BFGS, one iteration with a line search for each step."""
    how: dict[str, Any] = {"history_size": 100, "line_search_fn": "strong_wolfe"}
    return [LBFGS(rows, lr=lr, max_iter=1, max_eval=SEARCH, **how)]


def muon(rows: Sequence[nn.Parameter], lr: float) -> list[Optimizer]:
    """Return torch's Muon for the matrices between hidden units, and Adam for all else.

    That is the usual division; Adam has a tenth of the rate.
    """
    hidden = [row for row in rows if row.ndim > 1 and min(row.shape) > 2]
    others = [row for row in rows if row.ndim == 1 or min(row.shape) <= 2]
    return [torch.optim.Muon(hidden, lr=lr, weight_decay=0.0), torch.optim.Adam(others, lr=lr / 10)]
