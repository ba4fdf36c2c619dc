"""Name what a function does, so that its results on disk are never taken for another function's.

A name alone will not do: an edited function keeps it, and all lambdas share theirs. So a function
is told by its name and by what it runs.
"""

from __future__ import annotations

import dis
import hashlib
import inspect
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from functools import partial, singledispatch
from operator import attrgetter
from pathlib import Path, PurePath
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

__all__ = ["identify"]

REMEDY = (
    "define a function at the top of a file or notebook, let it make what it needs, and fix its "
    "settings with functools.partial"
)
# Their repr says all that they are.
PLAIN = (
    *(str, bytes, int, float, complex, type(None), type(...), range, slice),
    *(Enum, PurePath, re.Pattern, np.generic, np.dtype, torch.dtype, torch.device),
)
# Attributes of every nn.Module that say nothing of what this one does, or are looked at apart.
OF_ALL_MODULES = vars(nn.Module()).keys() - {"training"}
LIBRARIES = {"site-packages", "dist-packages"}
LOOK_UPS = {"LOAD_GLOBAL", "LOAD_NAME"}
WRAPPED = "__wrapped__"  # where functools.wraps keeps the decorated function
DIGITS = 16  # of a hash

# Functions and classes that were met on the way: each is described once.
_Seen = set[object]


class _UnknownError(ValueError):
    """Nothing on hand tells the thing from another."""


def identify(argument: str, thing: object) -> str:
    """Return a text that another thing shares only if it does the same.

    Functions and classes
        Their importable name and what they run, so that an edited function is another one;
        default values; and what they use of their own file or notebook: functions, classes,
        values. Other files are not compared. What is installed, such as torch, counts by its
        version.
    `functools.partial`
        The function and all its arguments.
    ``nn.Module``
        Its class, attributes, parameters, buffers and submodules.
    Values
        Text, numbers, arrays, tensors; lists, dictionaries and frozen dataclasses of them.

    A function is compared as Python has compiled it: that is what runs, whatever its file says
    by then. So comments may change, but another minor version of Python makes another function.

    Raises
    ------
    ValueError
        For lambdas, functions inside functions, methods and other objects, and for what is given
        or uses one: nobody could tell later whose results a file holds.

    """
    try:
        _check(thing)
        return _text(thing, set())
    except _UnknownError as error:
        raise ValueError(f"{argument}: {error}; {REMEDY}") from None


def _check(thing: Any) -> None:
    """Raise unless every function and class is what its name finds."""
    if isinstance(thing, partial):
        _check([thing.func, thing.args, thing.keywords])
    elif isinstance(thing, Mapping):
        _check(list(thing.values()))
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            _check(part)
    elif _is_named(thing):
        _check_name(thing)


def _check_name(thing: Any) -> None:
    name = _name(thing)
    if name.endswith("<lambda>"):
        raise _UnknownError("got a lambda, which no name finds again")
    if "<locals>" in name:
        raise _UnknownError(f"got {name}, which is defined inside a function")
    if not _is_free(thing):
        raise _UnknownError(f"got {name}, a method that is bound to an object")
    # In C, a class that no module has may be part of the longer name.
    short = thing.__qualname__ if isinstance(thing, FunctionType) else thing.__name__
    if not any(_found(thing, each) is thing for each in (thing.__qualname__, short)):
        raise _UnknownError(f"got {name}, but that name now stands for something else")


def _found(thing: Any, qualified: str) -> object:
    found = sys.modules.get(_module(thing))
    for step in qualified.split("."):
        found = getattr(found, step, None)
    return found


def _is_free(thing: object) -> bool:
    """Tell whether a function is no method of an object, which has a state."""
    return isinstance(getattr(thing, "__self__", None), (type(None), ModuleType))


def _is_named(thing: object) -> bool:
    return callable(thing) and hasattr(thing, "__qualname__")


def _module(thing: Any) -> str:
    return getattr(thing, "__module__", None) or "builtins"  # of methods in C, it is not known


def _name(thing: Any) -> str:
    return f"{_module(thing)}.{thing.__qualname__}"


@singledispatch
def _text(thing: Any, seen: _Seen) -> str:
    """Return the text of anything."""
    if is_dataclass(thing) and attrgetter("__dataclass_params__.frozen")(thing):
        return f"{_text(type(thing), seen)}{_text(vars(thing), seen)}"
    if _is_named(thing) and _is_free(thing):  # in C, or with a cache around it
        return _code_text(thing, seen)
    raise _UnknownError(f"got {_name(type(thing))} object, which may change unseen")


for kind in PLAIN:
    _text.register(kind, lambda thing, seen: repr(thing))
_text.register(logging.Logger, lambda thing, seen: "logger")
_text.register(ModuleType, lambda thing, seen: thing.__name__)


@_text.register(Mapping)
def _mapping_text(thing: Mapping[Any, Any], seen: _Seen) -> str:
    pairs = sorted((_text(key, seen), key) for key in thing)
    return f"{{{', '.join(f'{text}: {_text(thing[key], seen)}' for text, key in pairs)}}}"


@_text.register(list)
@_text.register(tuple)
def _sequence_text(thing: list[Any] | tuple[Any, ...], seen: _Seen) -> str:
    return f"{type(thing).__name__}({', '.join(_text(part, seen) for part in thing)})"


@_text.register(set)
@_text.register(frozenset)
def _set_text(thing: set[Any] | frozenset[Any], seen: _Seen) -> str:
    return f"set({', '.join(sorted(_text(part, seen) for part in thing))})"


@_text.register(np.ndarray)
@_text.register(Tensor)
def _array_text(thing: NDArray | Tensor, seen: _Seen) -> str:
    array = thing.numpy(force=True) if isinstance(thing, Tensor) else thing
    if array.dtype.hasobject:
        raise _UnknownError("got an array of objects")
    digest = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
    return f"{type(thing).__name__}({array.dtype}, {array.shape}, {digest[:DIGITS]})"


@_text.register(partial)
def _partial_text(thing: partial[Any], seen: _Seen) -> str:
    return f"partial{_text((thing.func, thing.args, thing.keywords), seen)}"


@_text.register(nn.Module)
def _module_text(thing: nn.Module, seen: _Seen) -> str:
    own = vars(thing)
    if any(hooks for name, hooks in own.items() if name.endswith("_hooks")):
        raise _UnknownError(f"got {_name(type(thing))} with hooks; write them into its forward")
    parts = {name: value for name, value in own.items() if name not in OF_ALL_MODULES}
    parts |= {name: own[name] for name in ("_parameters", "_buffers", "_modules")}
    return f"{_text(type(thing), seen)}{_text(parts, seen)}"


@_text.register(type)
@_text.register(FunctionType)
def _code_text(thing: Any, seen: _Seen) -> str:
    """Return the name of a function or class, with its version or a hash of what it runs."""
    name = _name(thing)
    if _is_installed(_module(thing)):
        return f"{name} {_version(_module(thing))}".rstrip()
    if thing in seen:
        return name
    seen.add(thing)
    parts = "\n".join(_parts(thing, seen))
    return f"{name} {hashlib.sha256(parts.encode()).hexdigest()[:DIGITS]}"


def _is_installed(module: str) -> bool:
    package = module.split(".")[0]
    file = getattr(sys.modules.get(package), "__file__", None)
    return package in sys.stdlib_module_names or bool(LIBRARIES & {*Path(file or "").parts})


def _version(module: str) -> str:
    version = str(getattr(sys.modules.get(module.split(".")[0]), "__version__", ""))
    return version.split("+")[0]  # a build for another device is the same code


def _parts(thing: Any, seen: _Seen) -> Iterator[str]:
    """Yield texts of all that a function or class does."""
    if isinstance(thing, type):
        yield _text(thing.__bases__, seen)
        yield _text(dict(_attributes(thing)), seen)
    for layer in _layers(thing):
        held = [part for part in _closed_over(layer) if part is not layer.__dict__.get(WRAPPED)]
        if _is_installed(layer.__globals__["__name__"]):  # a decorator, such as torch.no_grad
            yield from (repr(part) for part in held if isinstance(part, PLAIN))
            continue
        yield _text((layer.__code__, layer.__defaults__, layer.__kwdefaults__, held), seen)
        for name in sorted(_globals(layer.__code__) & layer.__globals__.keys()):
            yield f"{name}: {_used_text(layer, name, seen)}"


def _attributes(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what a class adds to its bases, by name; methods as plain functions."""
    for name, value in vars(kind).items():
        # Class methods and static ones, properties, cached properties.
        for inner in ("__func__", "fget", "func"):
            value = getattr(value, inner, value)
        machinery = name.startswith("__") and not _is_written(kind, value)
        if not machinery and not inspect.isdatadescriptor(value) and name != "_abc_impl":
            yield name, value


def _is_written(kind: type, method: object) -> bool:
    """Tell whether somebody wrote a method; those of dataclasses follow from their fields."""
    if not isinstance(method, FunctionType):
        return False
    return not (is_dataclass(kind) and method.__code__.co_filename == "<string>")


def _layers(thing: Any) -> Iterator[FunctionType]:
    """Yield a function, and those that it decorates."""
    while thing is not None:
        if isinstance(thing, FunctionType):
            yield thing
        thing = getattr(thing, WRAPPED, None)


def _closed_over(function: FunctionType) -> Iterator[object]:
    """Yield what a function has from the one around it."""
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # nothing is in it yet
            yield cell.cell_contents


def _globals(code: CodeType) -> set[str]:
    """Return the names that a function looks up outside itself."""
    names = {i.argval for i in dis.get_instructions(code) if i.opname in LOOK_UPS}
    inner = (_globals(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return names.union(*inner)


def _used_text(user: FunctionType, name: str, seen: _Seen) -> str:
    """Return the text of what a function uses of its file; of what comes from others, the name."""
    thing = user.__globals__[name]
    if _is_named(thing) and _module(thing) != user.__globals__["__name__"]:
        return _name(thing)
    try:
        return _text(thing, seen)
    except _UnknownError as error:
        raise _UnknownError(f"{_name(user)} uses {name!r}: {error}") from None


@_text.register(CodeType)
def _compiled_text(code: CodeType, seen: _Seen) -> str:
    counts = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
    parts = code.co_code, code.co_exceptiontable, code.co_names, code.co_varnames, counts
    return f"{parts}{_text(code.co_consts, seen)}"
