"""The linear F-Principle: very wide two-layer ReLU networks as a kernel in closed form.

While a very wide network trains, its parameters hardly move, so that the output obeys

    dh(x)/dt = -Σᵢ K(x, xᵢ) (h(xᵢ) - yᵢ)          (gradient flow on ½ Σᵢ (h(xᵢ) - yᵢ)²)

with the kernel of the start, K = ∇h·∇h' (Jacot, Gabriel, Hongler 2018). For m neurons whose hinges
lie evenly on [-L, L] it is, at points x, x' at distance δ in d dimensions,

    K = m [slope·x·x'/d + constant + width·L² + (A·M₃·δ³/12 - B·M₁·δ/2) / 2L],

where Mₚ is the mean of |u₁|ᵖ over the directions u of the sphere (1 for d = 1). In one dimension
δ³/12 and -δ/2 have the transforms 1/(2πξ)⁴ and 1/(2πξ)², so the prefactor of Zhang and Luo's law,
[A/ξ⁴ + 4π²B/ξ²] with ξ in cycles per unit of x, is m/(32π⁴L); with
p = Σδ/n, a mean over the points, as on their slides, it is n·m/(32π⁴L).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from fpkit import validation

__all__ = [
    "Coefficients",
    "Moments",
    "coefficients",
    "direction_term",
    "evolve",
    "lfp_kernel",
    "sphere_moment",
]

TRAINABLE = {"hinge": ("w", "r", "l"), "bias": ("a", "b")}
REFUSED = {
    ("hinge", "u"): "training the direction u of r adds ⟨w²⟩ E[(x⊥·x'⊥) H H'] to the kernel; "
    "see direction_term",
    ("bias", "w"): "training w in a·ReLU(wx + b) adds E[a² x x' H H'] to the kernel; "
    "use parametrisation='hinge'",
}


@dataclass(frozen=True)
class Moments:
    """Means of |s|, s² and |s|³ over all neurons, for one kind of parameter."""

    first: float
    second: float
    third: float

    @classmethod
    def uniform(cls, half_width: float) -> Moments:
        """Return those of the even distribution on ±``half_width``."""
        s = validation.positive("half_width", half_width)
        return cls(s / 2, s**2 / 3, s**3 / 4)

    @classmethod
    def of(cls, values: ArrayLike) -> Moments:
        """Return those of drawn parameters, an array of any shape."""
        size = np.abs(validation.real_array("values", values, ndim=(1, 2, 3)))
        return cls(*(float((size**p).mean()) for p in (1, 2, 3)))


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of the kernel (see the module): A is ``cubic``, B is ``linear``."""

    cubic: float
    linear: float
    slope: float
    constant: float
    width: float

    @property
    def crossover(self) -> float:
        """ξ where both terms are equal, in cycles per unit of x: √(A/B)/2π, infinite for B = 0."""
        return float(np.sqrt(self.cubic / self.linear) / (2 * np.pi)) if self.linear else np.inf


def coefficients(
    outer: Moments,
    inner: Moments,
    *,
    parametrisation: str = "hinge",
    trained: Sequence[str] | None = None,
) -> Coefficients:
    """Return the kernel's coefficients for one of two ways to write the network.

    - "hinge", Σ w·ReLU(r(u·x + l)) with l even on ±L, as in the slides of Zhang and Luo;
      ``outer`` is w, ``inner`` is r, and with all of w, r, l trained A = ⟨r²⟩ + ⟨w²⟩,
      B = ⟨r²⟩⟨w²⟩ (the paper's 4π² belongs to ξ in cycles);
    - "bias", Σ a·ReLU(wx + b) with b even on ±L; ``outer`` is a, ``inner`` is w, and with a
      and b trained A = E|w|³, B = E[a²]·E|w|.

    Parameters
    ----------
    outer, inner
        Moments of the weights after and before the ReLU.
    parametrisation
        "hinge" or "bias". Their parameters are never mixed.
    trained
        Which of ("w", "r", "l") or of ("a", "b") are trained; None trains all of them.

    Raises
    ------
    ValueError
        For parameters whose training leaves no translation-invariant kernel: the direction "u"
        with "hinge", the inner weight "w" with "bias".

    """
    known = TRAINABLE[validation.known("parametrisation", parametrisation, TRAINABLE)]
    chosen = known if trained is None else tuple(trained)
    for name in chosen:
        if (parametrisation, name) in REFUSED:
            reason = REFUSED[parametrisation, name]
            raise ValueError(f"trained: {name!r} leaves no translation-invariant kernel: {reason}")
        validation.known("trained", name, known)
    if not chosen:
        raise ValueError(f"trained: expected at least one of {', '.join(known)}, got none")
    if parametrisation == "bias":
        a, b = (float(name in chosen) for name in known)
        return Coefficients(
            cubic=a * inner.third,
            linear=b * outer.second * inner.first,
            slope=a * inner.second / 2,
            constant=b * outer.second / 2,
            width=a / 6,
        )
    w, r, l = (float(name in chosen) for name in known)  # noqa: E741
    cubic = w * inner.second + r * outer.second
    linear = l * inner.second * outer.second
    return Coefficients(cubic, linear, slope=cubic / 2, constant=linear / 2, width=cubic / 6)


def sphere_moment(power: float, dim: int) -> float:
    """Return the mean of |u₁|^power over the unit sphere in ``dim`` dimensions; 1 for dim = 1."""
    validation.non_negative("power", power)
    d, gamma = validation.positive_int("dim", dim), scipy.special.gamma
    top = gamma(d / 2) * gamma((power + 1) / 2)
    return float(top / (np.sqrt(np.pi) * gamma((d + power) / 2)))


def as_points(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return points as ``(N, d)`` float64; ``(N,)`` is one-dimensional."""
    points = validation.real_array(name, values, ndim=(1, 2)).astype(np.float64)
    return points[:, None] if points.ndim == 1 else points


def differences(x: ArrayLike, z: ArrayLike) -> tuple[NDArray, NDArray, NDArray, int]:
    """Return x·z, the vectors x - z and their lengths for all pairs, and the dimension."""
    p, q = as_points("x", x), as_points("z", z)
    if p.shape[1] != q.shape[1]:
        raise ValueError(f"z: expected points in {p.shape[1]} dimension(s), got {q.shape[1]}")
    apart = p[:, None] - q[None]
    return p @ q.T, apart, np.linalg.norm(apart, axis=-1), p.shape[1]


def lfp_kernel(
    x: ArrayLike,
    z: ArrayLike,
    c: Coefficients,
    *,
    half_width: float,
    neurons: int = 1,
) -> NDArray[np.float64]:
    """Return the kernel ``(N, M)`` between points ``(N,)`` or ``(N, d)`` and ``(M,)``, ``(M, d)``.

    ``half_width`` is the L of the hinges (or of the biases). The formula holds while all hinges'
    planes reach beyond the points: a point outside ±L is an error. (With "bias" the condition is
    |w||x| ≤ L for every neuron, which only the caller can know.)
    """
    reach = validation.positive("half_width", half_width)
    product, _, distance, dim = differences(x, z)
    for name, values in (("x", x), ("z", z)):
        far = np.linalg.norm(as_points(name, values), axis=1).max()
        if far > reach:
            raise ValueError(
                f"{name}: expected points within half_width={reach:g}, got |x| = {far:g}"
            )
    m1, m3 = sphere_moment(1, dim), sphere_moment(3, dim)
    invariant = c.cubic * m3 * distance**3 / 12 - c.linear * m1 * distance / 2
    rest = c.slope * product / dim + c.constant + c.width * reach**2
    return validation.positive_int("neurons", neurons) * (rest + invariant / (2 * reach))


def direction_term(
    x: ArrayLike, z: ArrayLike, outer: Moments, *, half_width: float, neurons: int = 1
) -> NDArray[np.float64]:
    """Return what training the direction of r adds to the kernel in d ≥ 2 dimensions.

    ⟨w²⟩ E[(x⊥·x'⊥) H H'], with x⊥ the part of x perpendicular to the neuron's direction u; H H'
    is 1 where the neuron is active at both points. It is not a function of x - x', so no law in
    the form of Zhang and Luo's has it. It is small where w is small against r.
    """
    reach = validation.positive("half_width", half_width)
    product, apart, distance, dim = differences(x, z)
    if dim < 2:
        raise ValueError(f"x: a direction can be trained in 2 dimensions or more, got {dim}")
    p, q = as_points("x", x), as_points("z", z)
    m1, m3 = sphere_moment(1, dim), sphere_moment(3, dim)
    across = (m1 - m3) / (dim - 1)  # mean of u₂²|u₁|
    safe = np.where(distance > 0, distance, 1.0)
    along = np.einsum("nd,nmd->nm", p, apart) * np.einsum("md,nmd->nm", q, apart) / safe**2
    both_active = product * (1 - 1 / dim) / 2
    lost = distance * (product * (m1 - across) - (m3 - across) * along)
    terms = both_active - lost / (4 * reach)
    return validation.positive_int("neurons", neurons) * outer.second * terms


def evolve(
    gram: ArrayLike, cross: ArrayLike, y: ArrayLike, times: ArrayLike
) -> NDArray[np.float64]:
    """Return the output under gradient flow at ``times``, without a step in time.

    h(t) = K(·, X) U [(1 - e^{-λt})/λ] Uᵀ y with the eigenvalues λ and eigenvectors U of the
    kernel at the training points. It starts at h = 0; t = ∞ is allowed.

    Parameters
    ----------
    gram, cross
        Kernel between training points ``(N, N)``, and between other points and them ``(M, N)``.
    y
        Targets ``(N,)``.
    times
        ``(T,)``, in units of the flow (a step of gradient descent takes its learning rate).

    Returns
    -------
    ``(T, M)``.

    """
    square = validation.real_array("gram", gram, ndim=(2,))
    values, wanted = validation.real_array("cross", cross, ndim=(2,)), validation.real_array("y", y)
    if square.shape != (len(wanted), len(wanted)) or values.shape[1] != len(wanted):
        raise ValueError(
            f"gram, cross, y: expected (N, N), (M, N) and (N,), got {square.shape}, "
            f"{values.shape} and {wanted.shape}"
        )
    rates, modes = np.linalg.eigh(square)
    if rates[0] <= 0:
        raise ValueError(f"gram: expected positive eigenvalues, got {rates[0]:.3g}; equal points?")
    at = validation.real_array("times", times, ndim=(0, 1), finite=False)
    t = np.atleast_1d(at.astype(np.float64))
    if not (t >= 0).all():
        raise ValueError(f"times: expected numbers of at least 0, got {t.min()}")
    grown = -np.expm1(-t[:, None] * rates) / rates
    return grown * (modes.T @ wanted) @ (values @ modes).T
