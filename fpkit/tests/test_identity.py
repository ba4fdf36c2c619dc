"""What tells a function from others: all that decides its result, or a refusal."""

import functools
import logging
import math
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

import numpy as np
import pytest
import torch
from torch import nn

from fpkit import losses
from fpkit.identity import identify

from . import load_source

RNG = np.random.default_rng(0)
SCALE = 2.0
LOG = logging.getLogger(__name__)


def plain(a):
    return SCALE * helper(a)


def helper(a):
    LOG.info("seen")
    return a if a < 1 else plain(a - 1)  # each uses the other


def noisy(a):
    return RNG.normal(a)


def twice(function):
    @functools.wraps(function)
    def doubled(*args):
        return 2 * function(*args)

    return doubled


@twice
def decorated(a):
    return a


@torch.no_grad()
def without_gradients(a):
    return a


@lru_cache
def remembered(a):
    return a


class Weighted(nn.Module):
    def __init__(self, weight=1.0, extra=()):
        super().__init__()
        self.weight, self.extra = weight, extra
        self.register_buffer("hidden", torch.ones(2), persistent=False)

    def forward(self, outputs, targets):
        return self.weight * (outputs - targets).abs().sum(dim=(1, 2))


@dataclass(frozen=True)
class Setting:
    size: float
    more: tuple = field(default_factory=tuple)


class Kinds:
    """One of each that a class may have."""

    __slots__ = ("slot",)

    @property
    def area(self):
        return 1

    @staticmethod
    def static(a):
        return a

    @classmethod
    def of(cls):
        return cls()

    @cached_property
    def cached(self):
        return super().__hash__()


class Callable:
    def __call__(self, a):
        return a

    def method(self, a):
        return a


def closure():
    def inside(a):
        return a

    return inside


NAMED = [
    *(plain, decorated, without_gradients, remembered, losses.mse, Kinds, Kinds.static),
    *(math.sin, np.sin, np.mean, torch.tanh, torch.optim.Adam, nn.functional.relu, str.upper, len),
    *(Weighted(), Weighted(2.0), Weighted(extra=(plain,)), nn.L1Loss(), nn.L1Loss(reduction="sum")),
    *(partial(plain, 1), partial(plain, a=1), partial(plain, a=1.0), partial(plain, a=np.ones(2))),
    *(partial(plain, a=np.ones(3)), partial(plain, a=torch.ones(3)), partial(plain, a=helper)),
    *(Setting(1.0), Setting(2.0), "adam", "sgd", None, 1, True, 1.0, (1, 2), [1, 2], {"a": 1}),
    *({"a": 2}, np.arange(3), np.arange(3.0), -np.arange(3.0)),
]


def test_all_of_these_are_told_apart():
    texts = [identify("function", thing) for thing in NAMED]
    assert len(set(texts)) == len(NAMED)
    assert texts == [identify("function", thing) for thing in NAMED]


def test_the_text_is_the_same_in_another_process():
    """Slow: Python is started with torch in it. Sets have another order there."""
    program = (
        f"from fpkit.identity import identify; from {__name__} import NAMED\n"
        "for thing in NAMED: print(identify('function', thing))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [identify("function", thing) for thing in NAMED]


def test_order_is_of_no_account_where_it_decides_nothing():
    for one, other in (({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({"x", "y"}, {"y", "x"})):
        assert identify("f", partial(plain, a=one)) == identify("f", partial(plain, a=other))


PROGRAM = """
import numpy as np
SIZE = 3
TABLE = np.arange(SIZE)

def used(a, b=1):
    '''Say something.'''
    return a + b * SIZE

def cell(a, *, scale=2.0):
    try:
        return scale * used(a) + TABLE[0] + sum(used(i) for i in {"x": 1}.values())
    except ValueError:
        return 0

class Loss:
    weight = 1.0

    def __call__(self, a):
        return self.weight * a
"""


@pytest.fixture
def text_of(monkeypatch, tmp_path):
    """Return the text of what a program defines."""

    def text(program, name="cell"):
        return identify("function", getattr(load_source(monkeypatch, tmp_path, program), name))

    return text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return scale * used(a)", "return scale + used(a)"),
        ("scale=2.0", "scale=3.0"),
        ("b=1", "b=2"),
        ("a + b", "a - b"),
        ("SIZE = 3", "SIZE = 4"),
        ("np.arange(SIZE)", "np.ones(SIZE)"),
        ("used(i) for", "-used(i) for"),
        ("ValueError", "TypeError"),
        ('"x": 1', '"x": 2'),
    ],
)
def test_an_edit_makes_another_function(text_of, old, new):
    assert old in PROGRAM
    assert text_of(PROGRAM.replace(old, new)) != text_of(PROGRAM)


@pytest.mark.parametrize(("old", "new"), [("1.0", "2.0"), ("* a", "+ a"), ("Loss:", "Loss(list):")])
def test_an_edit_makes_another_class(text_of, old, new):
    assert text_of(PROGRAM.replace(old, new), "Loss") != text_of(PROGRAM, "Loss")


def test_what_decides_nothing_may_change(text_of):
    edited = PROGRAM.replace("SIZE = 3", "# a comment\nSIZE = 3\nOTHER = 1")
    assert text_of(edited) == text_of(PROGRAM)


def test_state_of_a_module_that_is_not_saved_counts():
    changed = Weighted()
    changed.hidden += 1
    assert identify("loss", changed) != identify("loss", Weighted())


def renamed():
    return plain


renamed.__qualname__ = "plain"


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (lambda a: a, "got a lambda, which no name finds again"),
        (partial(lambda a: a, 1), "got a lambda"),
        (partial(plain, lambda a: a), "got a lambda"),
        (partial(plain, a=[closure()]), r"got .*closure.<locals>.inside, which is defined"),
        (closure(), r"got .*closure.<locals>.inside, which is defined inside a function"),
        (Callable(), r"got .*\.Callable object, which may change unseen"),
        (Callable().method, r"got .*\.Callable\.method, a method that is bound to an object"),
        ([].append, "got builtins.list.append, a method that is bound"),
        (RNG.normal, "got numpy.*normal, a method that is bound"),
        (renamed, r"got .*\.plain, but that name now stands for something else"),
        (noisy, r".*noisy uses 'RNG': got numpy.*Generator object, which may change unseen"),
        (partial(plain, RNG), "got numpy.*Generator object"),
        (Weighted(extra=Callable()), "got .*Callable object"),
        (np.array([None]), "got an array of objects"),
    ],
)  # fmt: skip
def test_what_nobody_could_tell_later_is_refused(thing, message):
    with pytest.raises(ValueError, match=rf"^observe: {message}.*; define a function at the"):
        identify("observe", thing)


def test_a_module_with_hooks_is_refused():
    module = Weighted()
    module.register_forward_hook(lambda *_: None)
    with pytest.raises(ValueError, match=r"loss: got .*Weighted with hooks; write them into"):
        identify("loss", module)
