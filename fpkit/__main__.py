"""The command line: ``python -m fpkit list [CHAPTER]``, ``run NAME …``, ``replay [NAME …]``.

A NAME is an experiment, or a chapter for all of its experiments.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Sequence

from . import validation
from .reproduce import chapters


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fpkit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listed = commands.add_parser("list", help="name experiments and say whether they are stored")
    listed.add_argument("chapter", nargs="?", metavar="CHAPTER", help="default: all chapters")
    run = commands.add_parser("run", help="run experiments and store their results")
    run.add_argument("names", nargs="*", metavar="NAME")
    run.add_argument("--all", action="store_true", help="every experiment, stored or not")
    run.add_argument("--seeds", type=int, help="networks, the first so many seeds (default: all)")
    run.add_argument("--missing", action="store_true", help="those without a stored result")
    replay = commands.add_parser("replay", help="recompute the first records and compare")
    replay.add_argument("names", nargs="*", metavar="NAME", help="default: all that are stored")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # no console that lacks a Greek letter is an error
            stream.reconfigure(errors="replace")
    options = parser.parse_args(arguments)
    try:
        return {"list": _list, "run": _run, "replay": _replay}[options.command](options)
    except (ValueError, OSError, chapters.BookError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on where it was", file=sys.stderr)
        return 130


def _stored(names: Iterable[str]) -> list[str]:
    return [name for name in names if chapters.place(name).exists()]


def _named(names: Sequence[str]) -> list[str]:
    """Return the experiments that are named; a chapter stands for all of its own."""
    experiments = chapters.experiments()
    known = {d.chapter: list(chapters.experiments(d.chapter)) for d in experiments.values()}
    known |= {name: [name] for name in (*experiments, *chapters.LOADED)}
    for name in names:
        chapters.check_listed(name)
    return [e for name in names for e in known[validation.known("experiment", name, known)]]


def _list(options: argparse.Namespace) -> int:
    found = chapters.experiments(options.chapter)
    stored = set(_stored(found))
    lines = [
        f"{definition.chapter:20} {name:30} {'stored' if name in stored else '-':7} "
        f"{chapters.figure(definition)}"
        for name, definition in found.items()
    ]
    try:
        print(*lines, sep="\n", flush=True)
    except BrokenPipeError:  # whoever reads it has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left to say
        return 141  # as programs do that a closed pipe ends
    return 0


def _run(options: argparse.Namespace) -> int:
    from . import threads  # here, since `list` does without PyTorch
    from .reproduce import store

    threads.one_per_process()
    names = _named(options.names)
    if options.all or options.missing:
        everything = list(chapters.experiments())
        done = set() if options.all else set(_stored(everything))
        names = [name for name in everything if name not in done]
    if not names and not options.missing:
        raise ValueError("name an experiment or a chapter, or use --all or --missing; see: list")
    for name in names:
        start = time.perf_counter()
        path = store(name, seeds=options.seeds)
        size = path.stat().st_size / 1024
        print(f"{name}: {time.perf_counter() - start:.0f} s, {size:.0f} KB in {path}", flush=True)
    return 0


def _replay(options: argparse.Namespace) -> int:
    from . import threads
    from .reproduce import replay

    threads.one_per_process()
    names = _named(options.names) or _stored(chapters.experiments())
    if not names:
        raise ValueError("no result is stored; FPKIT_RESULTS can name the folder of results")
    for name in names:
        start = time.perf_counter()
        worst = replay(name)
        seconds = time.perf_counter() - start
        print(f"{name}: {worst.ratio:.2g} of what rounding can do, {seconds:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
