"""What one would write in JAX instead: ``jit(vmap(scan))``. It runs in an environment of its own.

`peer.Jax` makes that environment, starts this file in it and says on each line what to train:
points, members, steps; of no members it is a product of two square matrices with so many rows, so
many times. The answer, a line too, comes when it is done. Outputs are fetched every 20 steps, as
`fpkit.train` records them.
"""

import sys
from functools import cache, partial
from itertools import pairwise
from typing import Any

import jax  # type: ignore[import-not-found]
import jax.numpy as jnp  # type: ignore[import-not-found]
import numpy as np
import optax  # type: ignore[import-not-found]

WIDTHS = (1, 200, 200, 200, 100, 1)
EVERY = 20
ADAM = optax.adam(2e-5)


def network(parameters: Any, x: Any) -> Any:
    """Return outputs ``(N, 1)`` of one network."""
    *hidden, (weight, bias) = parameters
    for w, b in hidden:
        x = jnp.tanh(x @ w + b)
    return x @ weight + bias


def first(key: Any) -> Any:
    """Return first weights and biases of one network, and the state of its optimiser."""
    keys = jax.random.split(key, 2 * len(WIDTHS))
    parameters = [
        (
            0.1 * jax.random.normal(keys[2 * i], (a, b)),
            0.1 * jax.random.normal(keys[2 * i + 1], (b,)),
        )
        for i, (a, b) in enumerate(pairwise(WIDTHS))
    ]
    return parameters, ADAM.init(parameters)


def step(x: Any, y: Any, state: Any, _: None) -> Any:
    """Make one step of one network."""
    parameters, moments = state
    gradient = jax.grad(lambda p: jnp.mean((network(p, x) - y) ** 2))(parameters)
    moves, moments = ADAM.update(gradient, moments)
    return (optax.apply_updates(parameters, moves), moments), None


@partial(jax.jit, donate_argnums=0)
def train(state: Any, x: Any, y: Any) -> Any:
    """Train all networks until the next record; return their states and outputs."""

    def alone(state: Any) -> Any:
        state, _ = jax.lax.scan(partial(step, x, y), state, length=EVERY)
        return state, network(state[0], x)

    return jax.vmap(alone)(state)


@cache
def kept(points: int, members: int) -> Any:
    """Return points, targets and the networks that are trained on, in a list."""
    x = jnp.linspace(-jnp.pi, jnp.pi, points)[:, None]
    return (
        x,
        jnp.sin(3 * x) + jnp.sin(5 * x),
        [jax.vmap(first)(jax.random.split(jax.random.key(0), members))],
    )


@cache
def square(rows: int) -> Any:
    """Return a matrix."""
    return jax.random.normal(jax.random.key(0), (rows, rows))


product = jax.jit(jnp.matmul)

for line in sys.stdin:
    points, members, steps = map(int, line.split())
    if not members:
        for _ in range(steps):
            product(square(points), square(points)).block_until_ready()
        print("done", flush=True)
        continue
    x, y, networks = kept(points, members)
    for _ in range(steps // EVERY):
        networks[0], outputs = train(networks[0], x, y)
        np.asarray(outputs)
    print("done", flush=True)
