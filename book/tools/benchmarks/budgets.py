"""Time what people wait for, in a fresh clone: ``python -m book.tools.benchmarks.budgets [FILE]``.

What is committed is cloned into a temporary folder, and goes there through all that can be made.
Everything must pass; how long it took is printed beside what was promised, and asserted nowhere.
"""

from __future__ import annotations

import datetime
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from jupyter_cache import get_cache

from book.tools.benchmarks import loops
from fpkit.reproduce import chapters
from fpkit.threads import processors

ROOT = chapters.book().parent
# What is timed, one after the other: its name, its command, and the seconds it may take on two
# processors.
STAGES: list[tuple[str, str, float | None]] = [
    ("the installation", "make .venv/ready", None),
    ("`make book` from nothing", "make book", 240),
    ("`make book` again", "make book", 15),
    ("`make check`", "make check", 120),
    ("lint, types, JavaScript", "make lint types js-test", None),
    ("`make test`", "make test", 360),
    ("the tests of the pages", "make site-test", None),
]
# What `.ci/run` goes through, once the environment is there.
WHOLE = ("lint, types, JavaScript", "`make test`", "the tests of the pages")
WHOLE_MOST = 1200
CELLS = 60
# A step of the loop that a user of PyTorch writes (40 points, one thread), in milliseconds, on the
# two quiet AMD cores for which these seconds were set.
STEP_THEN = 1.15


def step(steps: int = 200) -> float:
    """Return the milliseconds of that step on this machine, the median of nine measurements."""
    torch.set_num_threads(1)
    seconds = []
    for _ in range(9):
        start = time.perf_counter()
        loops.plain(40, steps)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds) / steps


def timed(command: str, clone: Path) -> float:
    """Return the seconds of a command; raises SystemExit with the end of its output if it fails."""
    log = clone.with_name("log")
    start = time.perf_counter()
    with log.open("wb") as output:
        done = subprocess.run(command.split(), cwd=clone, stdout=output, stderr=output)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{log.read_text(errors='replace')[-5000:]}")
    return time.perf_counter() - start


def staged(clone: Path) -> list[dict[str, Any]]:
    """Go through all stages; return what was promised, beside what was measured."""
    found, whole = [], 0.0
    for what, command, most in STAGES:
        seconds = timed(command, clone)
        promised = f"of {most / 60:5.2f} min" if most else ""
        print(f"{what:<28}{seconds / 60:6.2f} min {promised}", flush=True)
        whole += seconds if what in WHOLE else 0
        if most:
            found.append({"what": what, "seconds": seconds, "most": most})
    return [*found, {"what": "`.ci/run`", "seconds": whole, "most": WHOLE_MOST}]


def slowest_chapter(clone: Path) -> dict[str, Any]:
    """Return how long the cells of the slowest chapter ran."""
    records = get_cache(clone / "_build" / "executed").list_cache_records()
    seconds = {Path(record.uri).stem: record.data["execution_seconds"] for record in records}
    name = max(seconds, key=lambda name: seconds[name])
    what = f"cells of the slowest chapter, {name}"
    return {"what": what, "seconds": seconds[name], "most": CELLS}


def size(folder: Path) -> float:
    """Return the gigabytes of all files in a folder."""
    files = (path.lstat() for path in folder.rglob("*") if not path.is_dir())
    return sum({file.st_ino: file.st_size for file in files}.values()) / 1e9


def main(file: Path | None) -> None:
    """Measure, print, and write it to a file if one is named."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        slower = step() / STEP_THEN
        print(f"one step of a plain loop takes {slower:.2f} times what it took then", flush=True)
        budgets = staged(clone)
        found = {
            "date": datetime.date.today().isoformat(),
            "processors": processors(),
            "slower_before_and_after": [slower, step() / STEP_THEN],
            "budgets": [slowest_chapter(clone), *budgets],
            "torch": torch.__version__,
            "environment_gigabytes": size(clone / ".venv"),
        }
    print(json.dumps(found, indent=1))
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
