"""Any torch module as an ensemble, so that `fpkit.train` trains several copies at once."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from inspect import signature
from typing import Self

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from . import validation
from .networks import Ensemble, member_seeds

__all__ = ["Wrapped", "wrap"]


class Wrapped(Ensemble):
    """S modules of one kind, each with parameters and buffers of its own; `wrap` makes it.

    Attributes
    ----------
    together
        Whether all members are computed by one call (`torch.func.vmap`), or one after the other.

    """

    def __init__(self, modules: Sequence[nn.Module], seeds: Sequence[int], inputs: int) -> None:
        super().__init__()
        self.seeds, self.antisymmetric = list(seeds), False
        # In a list, so that its own parameters are not counted: each call takes those of a member.
        self._template = [copy.deepcopy(modules[0])]
        self.training = modules[0].training
        firsts = dict(modules[0].named_parameters())
        self._parameter_names = list(firsts)
        self._buffer_names = [name for name, _ in modules[0].named_buffers()]
        own = [dict(module.named_parameters()) for module in modules]
        self.weights = nn.ParameterList(
            nn.Parameter(torch.stack([m[name].detach() for m in own]), first.requires_grad)
            for name, first in firsts.items()
        )
        kept = [dict(module.named_buffers()) for module in modules]
        for number, name in enumerate(self._buffer_names):
            self.register_buffer(f"buffer_{number}", torch.stack([m[name] for m in kept]))
        x = torch.linspace(-1, 1, 3 * inputs, dtype=self.dtype).reshape(3, inputs)
        alone = self._checked(x.to(self.weights[0].device))
        self.together = self._can_vmap(x.to(self.weights[0].device), alone)
        self.widths = [inputs, alone.shape[-1]]

    def forward(self, x: Tensor) -> Tensor:
        """Map inputs of shape (N, d) to outputs (S, N, outputs)."""
        self.check_type(x)
        return self._at_once(x) if self.together else self._in_turn(x)

    def train(self, mode: bool = True) -> Self:
        """Put every member into training or evaluation mode."""
        self._template[0].train(mode)
        return super().train(mode)

    def member(self, number: int) -> nn.Module:
        """Return a member as a module of the wrapped kind; it shares nothing with the ensemble."""
        module = copy.deepcopy(self._template[0])
        with torch.no_grad():
            for name, value in self._tensors_of(number).items():
                owner, _, attribute = name.rpartition(".")
                getattr(module.get_submodule(owner), attribute).data = value.detach().clone()
        return module

    def extra_repr(self) -> str:
        """Describe the ensemble in one line."""
        return f"{self.size} x {type(self._template[0]).__name__}"

    def _names_and_tensors(self) -> dict[str, Tensor]:
        names = [*self._parameter_names, *self._buffer_names]
        return dict(zip(names, self.tensors(), strict=True))

    def _tensors_of(self, member: int) -> dict[str, Tensor]:
        return {name: value[member] for name, value in self._names_and_tensors().items()}

    def _at_once(self, x: Tensor) -> Tensor:
        module = self._template[0]
        call = vmap(lambda own: _column(functional_call(module, own, (x,))), randomness="different")
        return call(self._names_and_tensors())

    def _in_turn(self, x: Tensor) -> Tensor:
        module, members = self._template[0], range(len(self.weights[0]))
        return torch.stack(
            [_column(functional_call(module, self._tensors_of(m), (x,))) for m in members]
        )

    def _checked(self, x: Tensor) -> Tensor:
        """Return outputs at three points; ValueError if the module does not take them."""
        try:
            with torch.no_grad(), self._untouched():
                outputs = self._in_turn(x)
        except Exception as error:  # whatever a module may raise
            raise ValueError(
                f"module: it does not take points of shape {tuple(x.shape)} ({error}); say how "
                "many coordinates a point has with inputs"
            ) from error
        if outputs.ndim != 3 or outputs.shape[1] != len(x):
            raise ValueError(
                f"module: expected outputs (N,) or (N, outputs) for N = {len(x)} points, got "
                f"{tuple(outputs.shape[1:])}"
            )
        return outputs

    def _can_vmap(self, x: Tensor, alone: Tensor) -> bool:
        """Tell whether one call for all members says what the members say."""
        try:
            with torch.no_grad(), self._untouched():
                return torch.allclose(self._at_once(x), alone, rtol=1e-4, atol=1e-6)
        except Exception:  # such as of batch norm, which writes into its buffers
            return False

    @contextmanager
    def _untouched(self) -> Iterator[None]:
        """Compute inside with the same random numbers; buffers are then as they were."""
        kept = [buffer.clone() for buffer in self.buffers()]
        with torch.random.fork_rng():
            torch.manual_seed(0)
            yield
        for buffer, before in zip(self.buffers(), kept, strict=True):
            buffer.copy_(before)


def wrap(
    module: nn.Module | Callable[[], nn.Module], *, inputs: int = 1, seeds: Sequence[int] = (0,)
) -> Wrapped:
    """Return copies of a module of your own as an ensemble for `fpkit.train`.

    They are computed together with `torch.func` if that says the same as one after the other, which
    is slower but always can. A module that draws random numbers, such as dropout, takes them from
    torch's own source; it stays in the mode (training or evaluation) in which it is.

    Parameters
    ----------
    module
        A function without arguments that makes a module of points ``(N, inputs)`` with outputs
        ``(N,)`` or ``(N, outputs)``; it is called once for each seed, after
        ``torch.manual_seed(seed)``. Or one module, which then is the only member, as it is now.
    inputs
        Coordinates of a point.
    seeds
        One integer per member.

    Raises
    ------
    ValueError
        If the module does not take such points, has no parameters, or is one for several seeds.

    """
    count, numbers = validation.positive_int("inputs", inputs), member_seeds(seeds)
    if isinstance(module, nn.Module):
        if len(numbers) > 1:
            raise ValueError(
                f"module: got one module for {len(numbers)} seeds; give a function that makes one, "
                "such as lambda: Net()"
            )
        return Wrapped([_with_parameters(module)], numbers, count)
    if not callable(module):
        raise ValueError(f"module: expected a module or a function that makes one, got {module!r}")
    try:
        with suppress(ValueError):  # what is built in may not tell its arguments
            signature(module).bind()
    except TypeError as error:
        raise ValueError(
            f"module: expected a function without arguments that makes a module ({error})"
        ) from error
    made = []
    with torch.random.fork_rng():
        for seed in numbers:
            torch.manual_seed(seed)
            made.append(_with_parameters(module()))
    return Wrapped(made, numbers, count)


def _with_parameters(module: object) -> nn.Module:
    if not isinstance(module, nn.Module):
        raise ValueError(f"module: expected it to make a torch module, got {module!r}")
    if next(module.parameters(), None) is None:
        raise ValueError("module: expected parameters to train, got none")
    return module


def _column(outputs: Tensor) -> Tensor:
    return outputs[:, None] if outputs.ndim == 1 else outputs
