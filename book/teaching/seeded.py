"""Questions whose numbers depend on a student's own seed: what each is given, and what is right.

``projects.yml`` has the words of the questions, one for each part of the book, and how close an
answer has to come. Here ``data(number, seed)`` is what a student gets, a few named arrays, and
``answer(number, seed)`` the right value. The code is open: who has the seed can have the answer.

To hand a question out and to grade it, where ``students.txt`` has a name in each line and
``answers.csv`` the columns ``student,answer``::

    python -m book.teaching.seeded hand-out 1 students.txt FOLDER
    python -m book.teaching.seeded grade 1 FOLDER answers.csv

``FOLDER/students`` then has a table for each student, with seeds that nobody sees, and
``FOLDER/key.csv``, which is the teacher's, the seeds and the right values.
"""

from __future__ import annotations

import csv
import re
import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy
import yaml
from numpy.typing import NDArray

from book.early_stopping import stopping
from book.parity import cube
from fpkit import spectra, targets, theory, validation

__all__ = [
    "QUESTIONS",
    "Question",
    "answer",
    "data",
    "grade",
    "hand_out",
    "question_1",
    "question_2",
    "question_3",
    "question_4",
    "question_5",
    "question_6",
    "right",
]

Data = dict[str, NDArray[Any]]


class Question(NamedTuple):
    """What a student is given, and the right answer."""

    data: Data
    answer: float


def data(number: int, seed: int) -> Data:
    """Return the arrays of question ``number`` for a seed, by name."""
    return _asked(number)(seed).data


def answer(number: int, seed: int) -> float:
    """Return the right answer to question ``number`` for a seed."""
    return _asked(number)(seed).answer


def right(number: int, seed: int, given: float) -> bool:
    """Whether an answer is as close to the right one as ``projects.yml`` asks."""
    wanted, asked = answer(number, seed), _words(number)
    return abs(given - wanted) <= asked["tolerance"] * (abs(wanted) if asked["relative"] else 1)


def hand_out(number: int, students: Iterable[str], folder: Path) -> None:
    """Write a table for each student, each with a seed of its own, and the key for the teacher.

    ValueError if a name cannot be that of a file or is there twice, FileExistsError if there is a
    key already: with it, tables that were handed out could no longer be graded.
    """
    names = [name.strip() for name in students if name.strip()]
    for name in names:
        if not re.fullmatch(r"\w[\w .-]*", name) or names.count(name) > 1:
            raise ValueError(f"students: expected names without signs, each once, got {name!r}")
    (folder / "students").mkdir(parents=True, exist_ok=True)
    with (folder / "key.csv").open("x", encoding="utf-8", newline="") as file:
        key = csv.writer(file)
        key.writerow(["student", "seed", "answer"])
        for name in names:
            seed = secrets.randbelow(2**31)
            _write_table(data(number, seed), folder / "students" / f"question-{number}-{name}.csv")
            key.writerow([name, seed, f"{answer(number, seed):.6g}"])


def grade(number: int, folder: Path, answers: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield each student of the key, what was answered (nothing: an empty text), and if it counts.

    ValueError if somebody answered who is not in the key.
    """
    key = {row["student"]: int(row["seed"]) for row in _rows(folder / "key.csv")}
    given = {row["student"].strip(): row["answer"].strip() for row in _rows(answers)}
    if unknown := given.keys() - key.keys():
        raise ValueError(f"{answers}: not in the key: {', '.join(sorted(unknown))}")
    for name, seed in key.items():
        try:
            counts = right(number, seed, float(given.get(name, "")))
        except ValueError:
            counts = False
        yield name, given.get(name, ""), counts


def question_1(seed: int) -> Question:
    """How wrong is an output? The largest Δ_F(k) = |F[f] - F[T]|/|F[f]| of three waves.

    ``x``, ``target`` and ``output`` ``(40,)``: three waves, and the same waves, each too small and
    at a wrong place. A comparison of sizes alone sees the first mistake and not the second.
    """
    rng = _generator(seed)
    x = np.linspace(-1, 1, 40, endpoint=False)
    modes = 1 + np.sort(rng.choice(15, 3, replace=False))
    sizes, phases = rng.uniform(0.5, 2, 3), rng.uniform(0, 2 * np.pi, 3)
    smaller, moved = sizes * rng.uniform(0.6, 0.95, 3), phases + rng.uniform(0.6, 1.2, 3)
    target, output = (
        targets.waves(x, modes.tolist(), heights.tolist(), places.tolist())
        for heights, places in ((sizes, phases), (smaller, moved))
    )
    wrong = spectra.relative_error(spectra.dft(output)[modes], spectra.dft(target)[modes])
    return Question({"x": x, "target": target, "output": output}, float(wrong.max()))


def question_2(seed: int) -> Question:
    """Which line serves a loss on fast waves best? The slope a that makes Σ_k≥K |F[y - ax]|² least.

    ``x`` and ``y`` ``(120,)`` with both ends of [-1, 1], and ``lowest``, the K. The line copies the
    jump from the right end of the target to its left end, and not the rise between them.
    """
    rng = _generator(seed)
    x = np.linspace(-1, 1, 120)
    steps = np.sign(x[:, None] - rng.uniform(-0.9, 0.9, 3)) @ rng.uniform(-0.3, 0.3, 3)
    y = rng.uniform(0.5, 2) * x + rng.uniform(0.5, 1.5) * np.sin(np.pi * x) + steps
    lowest = int(rng.integers(20, 40))
    line, target = (spectra.dft(values)[lowest:] for values in (x, y))
    slope = np.vdot(line, target).real / np.vdot(line, line).real
    return Question({"x": x, "y": y, "lowest": np.array(lowest)}, float(slope))


def question_3(seed: int) -> Question:
    """When is the noise reached? The training loss σ̂², by the upper half of the spectrum.

    ``x`` and ``labels`` ``(400,)``: slow waves with normal noise. The median of |F|² is ln 2 times
    its mean, so σ̂² = N · median |F[k]|² / ln 2 over N/4 ≤ k < N/2.
    """
    rng = _generator(seed)
    x = np.linspace(-1, 1, 400, endpoint=False)
    heights, phases = rng.uniform(0.3, 1, 3).tolist(), rng.uniform(0, 2 * np.pi, 3).tolist()
    slow = targets.waves(x, (1, 2, 3), heights, phases)
    labels = slow + rng.uniform(0.1, 0.5) * rng.standard_normal(400)
    return Question({"x": x, "labels": labels}, float(stopping.spectral_noise(labels) ** 2))


def question_4(seed: int) -> Question:
    """When is the last of three waves learned? The time ln 10 · N/2λ of the smallest rate.

    ``kernel`` ``(32, 32)`` at even points of a circle, and ``target`` ``(32,)``, three equal waves.
    The kernel has waves as eigenvectors, as it depends on the angle only. It favours the slow ones
    no more than the fast ones, and the fastest of the three is never the last.
    """
    rng = _generator(seed)
    n, modes = 32, 1 + np.sort(rng.choice(8, 3, replace=False))
    last, middle, first = np.cumprod(rng.uniform(1.5, 3, 3)) / 10
    rates = rng.uniform(0.2, 1, n // 2 + 1)
    rates[modes[:2]] = rng.permutation([last, first])
    rates[modes[2]] = middle
    kernel = scipy.linalg.circulant(np.fft.irfft(rates * n / 2, n))
    _, target = targets.equal_amplitudes(n, modes.tolist(), seed)
    waiting = np.log(10) / theory.mode_rates(kernel, modes)
    return Question({"kernel": kernel, "target": target}, float(waiting.max()))


def question_5(seed: int) -> Question:
    """How fast is a function of bits? The share of its power at the degrees 4 to 6 of 6.

    ``corners`` ``(64, 6)`` with coordinates ±1, and ``labels`` ``(64,)``: a product of some
    coordinates, with some labels turned round. The power at S is F[S]², its frequency is |S|.
    """
    rng = _generator(seed)
    corners = cube.cube(6)
    members = rng.choice(6, rng.integers(2, 6), replace=False).tolist()
    labels = cube.parity(corners, members)
    labels[rng.choice(64, rng.integers(4, 13), replace=False)] *= -1
    power = cube.power_by_degree(cube.walsh(labels))
    return Question({"corners": corners, "labels": labels}, float(power[4:].sum() / power.sum()))


def question_6(seed: int) -> Question:
    """What do uncertain places leave? The least error Σ 2|F[k]|² (1 - exp(-k²s²)) of any network.

    ``theta`` and ``values`` ``(64,)``: three waves on a circle, and ``spread``, the s. The best
    answer is the mean over all places, which keeps exp(-k²s²/2) of each wave. What is left is the
    variance of the places that it cannot know.
    """
    rng = _generator(seed)
    modes = 1 + np.sort(rng.choice(8, 3, replace=False))
    heights, phases = rng.uniform(0.5, 2, 3).tolist(), rng.uniform(0, 2 * np.pi, 3).tolist()
    turns = np.linspace(-1, 1, 64, endpoint=False)
    values = targets.waves(turns, modes.tolist(), heights, phases)
    theta, spread = np.pi * (turns + 1), rng.uniform(0.8, 1.6) / modes[-1]
    power, k = 2 * np.abs(spectra.dft(values)[:32]) ** 2, np.arange(32)
    least = np.sum(power * -np.expm1(-np.square(k * spread)))
    return Question({"theta": theta, "values": values, "spread": np.array(spread)}, float(least))


QUESTIONS: dict[int, Callable[[int], Question]] = {
    1: question_1,
    2: question_2,
    3: question_3,
    4: question_4,
    5: question_5,
    6: question_6,
}


def _words(number: int) -> dict[str, Any]:
    """Return what ``projects.yml`` says of a question."""
    written = Path(__file__).with_name("projects.yml").read_text(encoding="utf-8")
    return next(one for one in yaml.safe_load(written)["questions"] if one["number"] == number)


def _write_table(given: Data, path: Path) -> None:
    """Write arrays as columns: a matrix has several, and a number is the same in each row."""
    rows = max(values.shape[0] for values in given.values() if values.ndim)
    columns: dict[str, NDArray[Any]] = {}
    for name, values in given.items():
        if values.ndim == 2:
            columns |= {f"{name}_{j + 1}": column for j, column in enumerate(values.T)}
        else:
            columns[name] = np.broadcast_to(values, rows)
    table = np.column_stack(list(columns.values()))
    np.savetxt(path, table, fmt="%.6g", delimiter=",", header=",".join(columns), comments="")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:  # a spreadsheet may mark its files
        return list(csv.DictReader(file))


def _asked(number: int) -> Callable[[int], Question]:
    if number not in QUESTIONS:
        raise ValueError(f"number: expected one of {', '.join(map(str, QUESTIONS))}, got {number}")
    return QUESTIONS[number]


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(validation.seed("seed", seed))


def main(arguments: list[str]) -> None:
    """Hand a question out, or grade it."""
    parser = ArgumentParser("python -m book.teaching.seeded", description="Questions with a seed")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, first, second in (
        ("hand-out", "students", "folder"),
        ("grade", "folder", "answers"),
    ):
        command = commands.add_parser(name)
        command.add_argument("number", type=int, choices=QUESTIONS)
        command.add_argument(first, type=Path)
        command.add_argument(second, type=Path)
    asked = parser.parse_args(arguments)
    if asked.command == "hand-out":
        names = asked.students.read_text(encoding="utf-8-sig").splitlines()
        hand_out(asked.number, names, asked.folder)
        print(f"Tables to hand out: {asked.folder / 'students'}. Yours: {asked.folder / 'key.csv'}")
    else:
        written = csv.writer(sys.stdout)
        written.writerow(["student", "answer", "right"])
        for name, given, counts in grade(asked.number, asked.folder, asked.answers):
            written.writerow([name, given, int(counts)])


if __name__ == "__main__":
    main(sys.argv[1:])
