"""Notes which files of the project a chapter uses, in the kernel that executes it.

The build has every kernel call `record` before the first cell (see ``kept_outputs.py``). From then
on Python reports every file that it opens and every folder that it lists. The first time, each is
noted *as it is at this moment*, so that a change while the chapter runs is a difference later.

Each note is on disk before the file is read. So the list is complete however the kernel ends, and
has what processes use that a chapter forks. A process that is started afresh is not followed (no
chapter starts one), nor a library that opens files behind Python's back (none reads ours).
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

# Every chapter depends on these, though it opens neither: the environment, and what is noted here.
ALWAYS = "requirements.txt", __file__


def state(path: Path) -> str | None:
    """Return what tells if a file, or the names in a folder, changed; None if there is neither."""
    try:
        content = (
            "/".join(sorted(os.listdir(path))).encode() if path.is_dir() else path.read_bytes()
        )
    except OSError:
        return None
    return hashlib.sha256(content).hexdigest()


def code_state(cells: Iterable[str]) -> str:
    """Return what tells if any cell of a chapter changed."""
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()


def record(shell: Any, root: str, built: str, lists: str) -> None:
    """From now on list what is used of the project in ``root``, in a new file in ``lists``.

    Its lines are ``["path", "state"]`` in JSON and, after each cell, ``[null, "state of all cells
    so far"]``. The folder ``built`` and Python's own environment are no part of the project.
    """
    name = Path(lists, f"{uuid4().hex}.jsonl")
    target = os.open(name, os.O_CREAT | os.O_APPEND | os.O_WRONLY)  # for forked processes, too
    noted: set[Path] = set()
    cells: list[str] = []

    def write(key: str | None, value: str | None) -> None:
        os.write(target, f"{json.dumps([key, value])}\n".encode())

    def note(name: str) -> None:
        # Either may be in the project, and the other not, if there are symbolic links.
        for path in {Path(os.path.abspath(name)), Path(os.path.realpath(name))} - noted:
            noted.add(path)  # first of all, since `state` opens it
            elsewhere = any(path.is_relative_to(folder) for folder in (built, sys.prefix))
            if path.is_relative_to(root) and not elsewhere:
                write(path.relative_to(root).as_posix(), state(path))

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("open", "os.listdir", "os.scandir") or isinstance(arguments[0], int):
            return
        name = os.fsdecode(arguments[0] or ".")
        if "__pycache__" in name:  # for a compiled module its source counts
            if name.endswith(".pyc"):
                note(source_from_cache(name))
        elif event == "open" or not _importing():
            note(name)

    def end_cell(result: Any) -> None:
        cells.append(result.info.raw_cell)
        write(None, code_state(cells))

    for always in ALWAYS:
        note(os.path.join(root, always))
    sys.addaudithook(hear)
    shell.events.register("post_run_cell", end_cell)


def _importing() -> bool:
    """Tell if a folder is only searched for a module: then what counts is what is opened."""
    return sys._getframe(2).f_globals.get("__name__", "").startswith("importlib")
