"""Every seed has its own numbers, and the mistakes that one makes are far from the right ones."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from book.parity import cube
from book.teaching import seeded
from fpkit import spectra

SEEDS = range(20)
WORDS = yaml.safe_load((Path(seeded.__file__).with_name("projects.yml")).read_text("utf-8"))
ASKED = {question["number"]: question for question in WORDS["questions"]}
each = pytest.mark.parametrize("number", seeded.QUESTIONS)


def allowed(number, right):
    """How far from the right answer another one may be."""
    return ASKED[number]["tolerance"] * (abs(right) if ASKED[number]["relative"] else 1)


def sizes_alone(x, target, output):
    """Compare |F[f]| with |F[T]|, and leave out where the waves are."""
    wanted, got = (np.abs(spectra.dft(values)) for values in (target, output))
    waves = wanted > 0.1
    return (np.abs(wanted - got)[waves] / wanted[waves]).max()


def slope_of_the_values(x, y, lowest):
    """Fit the line to the values, as if all frequencies counted."""
    return np.polyfit(x, y, 1)[0]


def median_for_mean(x, labels):
    """Take the median of |F|² for its mean."""
    power = len(x) * np.abs(spectra.dft(labels)) ** 2
    return np.median(power[len(x) // 4 : len(x) // 2])


def noise_not_squared(x, labels):
    """Give σ in place of σ²."""
    return np.sqrt(median_for_mean(x, labels) / np.log(2))


def fastest_is_last(kernel, target):
    """Take it for granted that the fastest wave is learned last."""
    highest = np.flatnonzero(np.abs(spectra.dft(target)) > 0.1)[-1]
    return np.log(10) * len(kernel) / 2 / np.fft.fft(kernel[0]).real[highest]


def without_two(kernel, target):
    """Forget the 2 of the squared error."""
    waves = np.abs(spectra.dft(target)) > 0.1
    values = np.fft.fft(kernel[0]).real[: len(waves)]
    return np.log(10) * len(kernel) / values[waves].min()


def not_squared(corners, labels):
    """Add up |F[S]| in place of the power."""
    size, fast = np.abs(cube.walsh(labels)), cube.degrees(corners.shape[1]) > 3
    return size[fast].sum() / size.sum()


def counted(corners, labels):
    """Count the waves of high degree, whatever the function."""
    return (cube.degrees(corners.shape[1]) > 3).mean()


def waves_of(values):
    """Return the frequencies and the powers of the waves on a circle."""
    half = len(values) // 2
    return np.arange(half), 2 * np.abs(spectra.dft(values)[:half]) ** 2


def amplitude_for_power(theta, values, spread):
    """Leave of the power what is left of the amplitude."""
    k, power = waves_of(values)
    return power @ (1 - np.exp(-((k * spread) ** 2) / 2))


def sharp(theta, values, spread):
    """Answer with the waves as they are, which are twice wrong."""
    k, power = waves_of(values)
    return power @ (2 - 2 * np.exp(-((k * spread) ** 2) / 2))


def blur_against_the_curve(theta, values, spread):
    """Compare the mean with the curve in its place, and not with new pairs."""
    k, power = waves_of(values)
    return power @ (1 - np.exp(-((k * spread) ** 2) / 2)) ** 2


MISTAKES = {
    1: [sizes_alone],
    2: [slope_of_the_values],
    3: [median_for_mean, noise_not_squared],
    4: [fastest_is_last, without_two],
    5: [not_squared, counted],
    6: [amplitude_for_power, sharp, blur_against_the_curve],
}


@each
def test_two_seeds_give_different_answers(number):
    first, second = (seeded.answer(number, seed) for seed in (1, 2))
    assert abs(first - second) > allowed(number, first)


@each
def test_a_seed_gives_the_same_again(number):
    first, second = (seeded.data(number, 3) for _ in range(2))
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) for name in first)


@each
def test_four_decimals_suffice(number):
    """The data may be handed out as a table: it has to lead to the answer, too."""
    told = {name: np.round(values, 4) for name, values in seeded.data(number, 4).items()}
    assert by_hand(number, **told) == pytest.approx(
        seeded.answer(number, 4), abs=allowed(number, seeded.answer(number, 4)) / 2
    )


def by_hand(number, **told):
    """Compute the answer with numpy alone."""
    if number == 1:
        f, t = (np.fft.fft(told[name])[:20] for name in ("target", "output"))
        waves = np.abs(f) > 2
        return (np.abs(f - t)[waves] / np.abs(f)[waves]).max()
    if number == 2:
        line, curve = (np.fft.fft(told[name])[told["lowest"] : 61] for name in ("x", "y"))
        return (line.conj() @ curve).real / (np.abs(line) ** 2).sum()
    if number == 3:
        power = np.abs(np.fft.fft(told["labels"])[100:200]) ** 2 / 400
        return np.median(power) / np.log(2)
    if number == 4:
        waves = np.abs(np.fft.fft(told["target"])[:17]) > 2
        return np.log(10) * 16 / np.fft.fft(told["kernel"][0]).real[:17][waves].min()
    if number == 6:
        k, power = np.arange(1, 32), np.abs(np.fft.fft(told["values"])[1:32] / 64) ** 2
        return sum(2 * power * (1 - np.exp(-((k * told["spread"]) ** 2))))
    sets = [np.flatnonzero(s >> np.arange(6) & 1) for s in range(64)]
    power = [np.mean(told["labels"] * told["corners"][:, s].prod(axis=1)) ** 2 for s in sets]
    return sum(p for p, s in zip(power, sets, strict=True) if len(s) > 3) / sum(power)


def test_the_least_error_is_reached_by_the_mean_over_places():
    """Question 6, by many pairs: no share of the waves does better than exp(-k²s²/2)."""
    given, least = seeded.data(6, 5), seeded.answer(6, 5)
    waves, k = np.fft.rfft(given["values"]), np.arange(33)
    off = given["spread"] * np.random.default_rng(0).standard_normal((20_000, 1))
    seen = np.fft.irfft(waves * np.exp(1j * k * off), 64)
    mean = np.fft.irfft(waves * np.exp(-((k * given["spread"]) ** 2) / 2), 64)
    assert np.square(seen - mean).mean() == pytest.approx(least, rel=0.01)
    for share in (0.9, 1.1):
        assert np.square(seen - share * mean).mean() > np.square(seen - mean).mean()


@pytest.mark.parametrize(
    ("number", "mistake"), [(n, one) for n, several in MISTAKES.items() for one in several]
)
def test_a_mistake_is_told_apart(number, mistake):
    for seed in SEEDS:
        right = seeded.answer(number, seed)
        made = mistake(**seeded.data(number, seed))
        assert abs(made - right) > 2 * allowed(number, right)


def test_every_question_has_words_and_a_tolerance_with_a_reason():
    assert ASKED.keys() == seeded.QUESTIONS.keys()
    assert all(one["tolerance"] > 0 and one["why"] for one in ASKED.values())


def test_an_unknown_question_is_refused():
    with pytest.raises(ValueError, match="number: expected one of 1, 2, 3, 4, 5, 6, got 7"):
        seeded.answer(7, 0)


@each
def test_a_table_leads_to_the_answer(number, tmp_path):
    """As a student reads it, who has the table and nothing else."""
    seeded.hand_out(number, ["Ada L.", "bob-2", ""], tmp_path)
    key = {row.split(",")[0]: row.split(",") for row in lines(tmp_path / "key.csv")[1:]}
    assert key.keys() == {"Ada L.", "bob-2"}
    assert key["Ada L."][1] != key["bob-2"][1]
    for name, (_, seed, answer) in key.items():
        path = tmp_path / "students" / f"question-{number}-{name}.csv"
        assert seed not in path.read_text(encoding="utf-8")
        table = np.genfromtxt(path, delimiter=",", names=True)
        given = {}
        for column in seeded.data(number, int(seed)):
            several = [c for c in table.dtype.names if re.fullmatch(rf"{column}(_\d+)?", c)]
            given[column] = np.stack([table[c] for c in several], axis=-1).squeeze()
        if number == 2:
            given["lowest"] = int(given["lowest"][0])
        if number == 6:
            given["spread"] = given["spread"][0]
        found = by_hand(number, **given)
        assert seeded.right(number, int(seed), found)
        assert seeded.right(number, int(seed), float(answer))


@each
def test_an_answer_counts_within_its_tolerance(number):
    right = seeded.answer(number, 3)
    near = allowed(number, right)
    assert seeded.right(number, 3, right + 0.9 * near)
    assert not seeded.right(number, 3, right + 1.1 * near)
    assert not seeded.right(number, 3, float("nan"))


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_handing_out_and_grading_by_command(tmp_path, capsys):
    (tmp_path / "students.txt").write_text("Ada\nBob\nCarl\nDora\n", encoding="utf-8")
    folder, students = str(tmp_path / "out"), str(tmp_path / "students.txt")
    seeded.main(["hand-out", "3", students, folder])
    key = dict(row.split(",")[::2] for row in lines(tmp_path / "out" / "key.csv")[1:])
    answers = f"student,answer\nAda,{key['Ada']}\nBob,{2 * float(key['Bob'])}\nCarl,many\n"
    (tmp_path / "answers.csv").write_text(answers, encoding="utf-8-sig")
    capsys.readouterr()
    seeded.main(["grade", "3", folder, str(tmp_path / "answers.csv")])
    graded = [row.split(",") for row in capsys.readouterr().out.split()]
    assert [(row[0], row[-1]) for row in graded[1:]] == [
        ("Ada", "1"), ("Bob", "0"), ("Carl", "0"), ("Dora", "0"),
    ]  # fmt: skip
    with pytest.raises(FileExistsError):  # else what was handed out could not be graded
        seeded.main(["hand-out", "3", students, folder])
    (tmp_path / "answers.csv").write_text("student,answer\nEve,1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="not in the key: Eve"):
        seeded.main(["grade", "3", folder, str(tmp_path / "answers.csv")])


@pytest.mark.parametrize("names", [["../ada"], ["a", "a"], ["a/b"]])
def test_names_that_are_no_files(names, tmp_path):
    with pytest.raises(ValueError, match="students: expected names"):
        seeded.hand_out(1, names, tmp_path)
    assert not (tmp_path / "key.csv").exists()
