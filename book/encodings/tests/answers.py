import numpy as np


def by_kernel(jacobian, wave):
    return wave @ (jacobian @ jacobian.T) @ wave / (wave @ wave)


def by_sums(jacobian, wave):
    pulls = [sum(wave[i] * jacobian[i, p] for i in range(len(wave)))
             for p in range(jacobian.shape[1])]  # fmt: skip
    return sum(pull**2 for pull in pulls) / sum(value**2 for value in wave)


def by_counting(cycles):
    def crossings(omega):
        return np.count_nonzero(np.diff(np.sign(np.sin(omega * np.linspace(-1, 1, 99_999) + 0.1))))

    found = np.pi * cycles
    assert abs(crossings(found) - 2 * cycles) <= 1
    return found


RIGHT = {
    "omega-for": [lambda cycles: np.pi * cycles, by_counting],
    "encoded-rate": [by_kernel, by_sums],
}
WRONG = {
    "omega-for": [
        lambda cycles: 2 * np.pi * cycles,
        lambda cycles: cycles,
        lambda cycles: cycles / 2,
        lambda cycles: 30.0,
        lambda cycles: np.pi / cycles,
    ],
    "encoded-rate": [
        lambda jacobian, wave: np.square(jacobian.T @ wave).sum(),
        lambda jacobian, wave: np.linalg.norm(jacobian.T @ wave) / np.linalg.norm(wave),
        lambda jacobian, wave: np.square(jacobian.T @ wave).sum() / np.linalg.norm(wave),
        lambda jacobian, wave: np.square(jacobian).sum(),
        lambda jacobian, wave: 1.0,
    ],
}
