"""The command line: ``python -m fpkit list``, ``run NAME …``, ``replay [NAME …]``."""

from __future__ import annotations

import argparse
import os
import sys
import time

from . import experiments, replays, results


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fpkit", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="name every experiment and say whether its result is stored")
    run = commands.add_parser("run", help="run experiments and store their results")
    run.add_argument("names", nargs="*", metavar="NAME")
    run.add_argument("--all", action="store_true", help="every experiment, stored or not")
    run.add_argument("--missing", action="store_true", help="those without a stored result")
    replay = commands.add_parser("replay", help="recompute the first records and compare")
    replay.add_argument("names", nargs="*", metavar="NAME", help="default: all that are stored")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # no console that lacks a Greek letter is an error
            stream.reconfigure(errors="replace")
    options = parser.parse_args(arguments)
    try:
        return {"list": _list, "run": _run, "replay": _replay}[options.command](options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped; the same command goes on where it was", file=sys.stderr)
        return 130


def _stored() -> list[str]:
    return [n for n in experiments.known() if (results.folder() / f"{n}.npz").exists()]


def _none_stored() -> str:
    where = results.folder().absolute()
    return f"no result is stored in {where}; FPKIT_RESULTS can name another folder"


def _list(_: argparse.Namespace) -> int:
    stored = set(_stored())
    lines = [
        f"{name:26} {'stored' if name in stored else '-':7} {experiment.figure}: "
        f"{experiment.summary}"
        for name, experiment in experiments.known().items()
    ]
    try:
        print(*lines, sep="\n", flush=True)
    except BrokenPipeError:  # whoever reads it has enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left to say
        return 141  # as programs do that a closed pipe ends
    if not stored:
        print(_none_stored(), file=sys.stderr)
    return 0


def _run(options: argparse.Namespace) -> int:
    names = options.names
    if options.all or options.missing:
        done = set() if options.all else set(_stored())
        names = [name for name in experiments.known() if name not in done]
    if not names and not options.missing:
        raise ValueError("name an experiment, or use --all or --missing; see: list")
    for name in names:
        experiments.get(name)
    for name in names:
        start = time.perf_counter()
        path = results.store(name)
        size = path.stat().st_size / 1024
        print(f"{name}: {time.perf_counter() - start:.0f} s, {size:.0f} KB in {path}", flush=True)
    return 0


def _replay(options: argparse.Namespace) -> int:
    names = options.names or _stored()
    if not names:
        raise ValueError(_none_stored())
    for name in names:
        start = time.perf_counter()
        worst = replays.replay(name)
        seconds = time.perf_counter() - start
        print(f"{name}: {worst.ratio:.2g} of what rounding can do, {seconds:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
