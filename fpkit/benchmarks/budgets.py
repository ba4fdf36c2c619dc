"""Time what people wait for, in a fresh clone: ``python -m fpkit.benchmarks.budgets [FILE]``.

What is committed is cloned into a temporary folder, and goes there through all stages of
``.ci/run``, with a second build that has nothing to do. Everything must pass.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from jupyter_cache import get_cache

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "environment": "make .venv/ready",
    "book": "make book",
    "book again": "make book",
    "lint": "make lint types",
    "test": "make test",
    "site-test": "make site-test",
}


def staged(clone: Path) -> dict[str, float]:
    """Return the seconds of each stage; stop at the first that fails."""
    seconds = {}
    for name, command in STAGES.items():
        start = time.perf_counter()
        log = clone.with_name(f"{name}.log")
        with log.open("wb") as output:
            done = subprocess.run(command.split(), cwd=clone, stdout=output, stderr=output)
        if done.returncode:
            raise SystemExit(f"{command} failed:\n{log.read_text(errors='replace')[-5000:]}")
        seconds[name] = time.perf_counter() - start
        print(f"{command:<20}{seconds[name] / 60:6.1f} min", flush=True)
    return seconds


def chapters(clone: Path) -> dict[str, float]:
    """Return the seconds that the cells of each chapter ran."""
    records = get_cache(clone / "_build" / "executed").list_cache_records()
    return {Path(record.uri).stem: record.data["execution_seconds"] for record in records}


def budgets(seconds: dict[str, float], cells: dict[str, float]) -> list[dict[str, Any]]:
    """Return what was promised, beside what was measured."""
    slowest = max(cells, key=lambda name: cells[name])
    book = seconds["environment"] + seconds["book"]
    everything = sum(seconds.values()) - seconds["book again"]
    return [
        {"what": f"cells of the slowest chapter, {slowest}", "seconds": cells[slowest], "most": 60},
        {"what": "`make book` from nothing, with the installation", "seconds": book, "most": 900},
        {"what": "`make book` again", "seconds": seconds["book again"], "most": 30},
        {"what": "`make test`", "seconds": seconds["test"], "most": 900},
        {"what": "all stages of `.ci/run`", "seconds": everything, "most": 2400},
    ]


def size(folder: Path) -> float:
    """Return the gigabytes of all files in a folder."""
    files = (path.lstat() for path in folder.rglob("*") if not path.is_dir())
    return sum({file.st_ino: file.st_size for file in files}.values()) / 1e9


def main(file: Path | None) -> None:
    """Measure, print, and write it to a file if one is named."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        seconds = staged(clone)
        found = {
            "date": datetime.date.today().isoformat(),
            "stages": seconds,
            "budgets": budgets(seconds, chapters(clone)),
            "torch": torch.__version__,
            "environment_gigabytes": size(clone / ".venv"),
        }
    print(json.dumps(found, indent=1))
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
