"""Tests. What several of them share is here: quick experiments, hand-made results, oracles."""

from __future__ import annotations

import base64
import dataclasses
import importlib.util
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

import book
from book import datasets
from fpkit import threads
from fpkit.interruption import watched
from fpkit.reproduce import Experiment, Result, chapters

threads.one_per_process()  # whoever wants speed runs tests in several processes
# Whoever runs them in the background: a shell lets such a process ignore Ctrl-C.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples every time, so that what fails here fails elsewhere and again; and nothing that
# would test how busy the machine is.
settings.register_profile(
    "fpkit",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
settings.load_profile("fpkit")

# What never comes is waited for this long: on a slow machine everything else comes in time.
HOUR = 3600


def label(value: object) -> str:
    """Name a parameter of a test without addresses, for it has to be the same in every process."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value))


def direct_sum(values: ArrayLike, phase: ArrayLike, modes: ArrayLike) -> NDArray[np.complex128]:
    """Return (1/N) Σⱼ fⱼ exp(-2πi k·phaseⱼ) term by term: the oracle of every transform."""
    f, turns = np.asarray(values, dtype=np.float64), np.asarray(phase, dtype=np.float64)
    waves = np.exp(-2j * np.pi * np.outer(turns, np.asarray(modes)))
    return f @ waves / len(turns)


def need_data(name: str) -> None:
    """Skip the test if experiment ``name`` reads images that are not on this machine."""
    data = chapters.get(name).settings.get("data", "digits")
    if not datasets.local(data):
        pytest.skip(f"{name} reads {data}, which is not on this machine: see FPKIT_DATA")


def use_tiny(monkeypatch, folder, of="white_noise", **changes) -> str:
    """Register an experiment that runs in a moment, store results in ``folder``; its name."""
    quick = {"n": 16, "seeds": [0, 1], "steps": 20, "record_every": 2, **changes}
    monkeypatch.setenv("FPKIT_RESULTS", str(folder))
    return register(monkeypatch, "tiny", Experiment(chapters.get(of), "none", **quick))


def register(monkeypatch, name, experiment) -> str:
    """Let an experiment be found by ``name`` during a test, though no chapter has it."""
    experiment.name = name
    monkeypatch.setitem(chapters.LOADED, name, experiment)
    return name


def make_book(monkeypatch, folder, chapter, **modules) -> Path:
    """Write a book with one chapter, whose modules have the given texts, and let it be found."""
    (folder / "book" / chapter).mkdir(parents=True)
    (folder / "_toc.yml").write_text(f"chapters:\n  - file: book/{chapter}/{chapter}\n")
    for name, text in modules.items():
        (folder / "book" / chapter / f"{name}.py").write_text(text)
    monkeypatch.setattr(chapters, "book", lambda: folder / "book")
    monkeypatch.setattr(book, "__path__", [str(folder / "book"), *book.__path__])
    monkeypatch.setattr(chapters, "LOADED", {})
    return folder / "book" / chapter


def load_source(monkeypatch, folder, source, name="a_notebook") -> ModuleType:
    """Import a source under a name, as a notebook runs its cells: again and again."""
    path = folder / f"{uuid4().hex}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@contextmanager
def interrupted_at(number: int, message: str = "stopped by hand") -> Iterator[None]:
    """Press Ctrl-C before a step of a training, which warns that it stopped."""

    def press(step: int, _: int) -> bool:
        if step == number:
            signal.raise_signal(signal.SIGINT)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fpkit.parts.PATIENCE", 1)  # it can be stopped before each step
        with watched(press), pytest.warns(UserWarning, match=message):
            yield


def hand_made(**changes) -> Result:
    """Return a result of 2 networks, 5 records, 3 peaks, 2 frames and 8 points."""
    x = np.arange(8) / 8
    parts = {
        "name": "staircase",
        "settings": {"seeds": [3, 5]},
        "provenance": {},
        "x": x,
        "y": np.cos(2 * np.pi * x)[None],
        "peaks": np.array([1, 2, 3]),
        "steps": np.arange(0, 50, 10),
        "losses": np.linspace(1, 0.1, 10).reshape(2, 5),
        "errors": np.ones((2, 5, 3)),
        "frames": np.array([0, 40]),
        "eval_x": x,
        "outputs": np.linspace(-1, 1, 32).reshape(2, 2, 8).astype(np.float16),
        "phase": x,
        "series": {},
    }
    return Result(**{**parts, **changes})


def assert_same(one: Result, other: Result) -> None:
    """Assert that two results agree in every field, to the last bit and the type of arrays."""
    for field in dataclasses.fields(Result):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if isinstance(first, np.ndarray):
            assert first.dtype == second.dtype, field.name
            np.testing.assert_array_equal(first, second, err_msg=field.name)
        elif field.name == "series":
            assert first.keys() == second.keys()
            assert all(np.array_equal(first[key], second[key]) for key in first)
        else:
            assert first == second, field.name


def decode(packed: dict) -> NDArray[np.float64]:
    """Unpack what `fpkit.widgets.encode` packed: raw values, summed if int16, scale and offset."""
    kind = np.dtype(packed["dtype"]).newbyteorder("<")
    raw = np.frombuffer(base64.b64decode(packed["data"]), kind).reshape(packed["shape"])
    if kind == np.int16:
        raw = raw.cumsum(axis=-1, dtype=np.int16)
    return raw * packed["scale"] + packed["offset"]


def luminance(color):
    """Return the relative luminance of WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)
