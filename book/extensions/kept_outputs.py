"""Executed chapters are kept until anything that they used changes.

``jupyter-cache`` keeps them, and finds them by their code. What else a chapter used, files of the
project and names in its folders, its kernel has listed (see ``used_files.py``). Before chapters are
read, every list is compared with what is there now. Where anything differs, or where there is no
list, the outputs are dropped: the chapter is read and executed again.

Kernels take IPython's settings from the build, not from the reader's home.
"""

import json
import os
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from used_files import code_state, state

logger = logging.getLogger(__name__)

STARTUP = """\
import sys
sys.path.append({extensions!r})
import used_files
used_files.record(get_ipython(), {root!r}, {built!r}, {lists!r})
del sys, used_files
"""


def set_up_kernels(app: Sphinx, config: Config) -> None:
    """Say where executed chapters are kept, and have kernels list what they use."""
    built = Path(app.outdir).parent.resolve()
    kept = built / "executed"
    startup = kept / "ipython" / "profile_default" / "startup" / "record.py"
    for folder in (startup.parent, kept / "used"):
        folder.mkdir(parents=True, exist_ok=True)
    code = STARTUP.format(
        extensions=str(Path(__file__).parent),
        root=str(Path(app.srcdir).resolve()),
        built=str(built),
        lists=str(kept / "used"),
    )
    startup.write_text(code, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(kept / "ipython")
    config.nb_execution_cache_path = str(kept)


def drop_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Drop outputs that chapters would no longer show; return the chapters to be read again.

    A chapter is taken as it was last read: if its text has changed since, Sphinx reads it again. By
    then nothing is left that was not compared, since outputs of no chapter are dropped, too.
    """
    kept = Path(app.config.nb_execution_cache_path)
    cache, lists = get_cache(kept), _lists(kept / "used")
    records = {record.hashkey: record for record in cache.list_cache_records()}
    again, needed = [], set()
    for page in sorted(env.found_docs):
        read = kept.parent / "jupyter_execute" / f"{page}.ipynb"
        if not read.exists():
            continue
        notebook = nbformat.read(read, as_version=4)
        _, key = cache.create_hashed_notebook(notebook)
        path, used = lists.get(_code(notebook), (None, {}))
        if reason := _difference(Path(app.srcdir), used) or (key not in records and "not kept"):
            logger.info("%s is executed again: %s", page, reason)
            again.append(page)
        else:
            needed |= {key, path}
    for key in records.keys() - needed:
        cache.remove_cache(records[key].pk)
    for path in set((kept / "used").iterdir()) - needed:
        path.unlink()
    return again


def _code(notebook: nbformat.NotebookNode) -> str:
    """Return the state of the cells that are executed, as the kernel noted it."""
    cells = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    return code_state(source for source in cells if source.strip())


def _lists(folder: Path) -> dict[str, tuple[Path, dict[str, str | None]]]:
    """Return each list with its file, by the state of the cells; the newest of several."""
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns):
        try:
            used = dict(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
            found[used.pop(None)] = path, used
        except (ValueError, TypeError, KeyError):
            logger.info("%s is damaged or incomplete", path)
    return found


def _difference(root: Path, used: dict[str, str | None]) -> str:
    """Return in words what differs from a list; nothing if all is as it was."""
    if not used:
        return "no list of what it used"
    names = [name for name, noted in used.items() if state(root / name) != noted]
    return f"changed: {', '.join(names)}" if names else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("config-inited", set_up_kernels)
    app.connect("env-get-outdated", drop_outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
