"""Executed chapters are kept until anything that they used changes.

``jupyter-cache`` keeps them, and finds them by their code. What else a chapter used, files of the
project and names in its folders, its kernel has listed (see ``used_files.py``). Before chapters are
read, every list is compared with what is there now. Where anything differs, or where there is no
list, the outputs are dropped, and the chapter is executed (see ``execute_chapters.py``). MyST-NB,
which would do so when it reads the chapter, then finds them kept.

Kernels take IPython's settings from the build, not from the reader's home.
"""

import json
import os
import shutil
from collections.abc import Iterator
from math import inf
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from myst_nb.core.read import create_nb_reader
from myst_nb.sphinx_ import NbMetadataCollector
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from book.tools.extensions.execute_chapters import Execution, execute, failure
from book.tools.extensions.used_files import code_state, state
from fpkit.threads import processors

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


def bring_up_to_date(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Execute every chapter whose outputs are missing or outdated; return the pages to read again.

    A page is read again if its chapter was executed since: in this build, or in an earlier one
    that ended before it came to reading.
    """
    cache = get_cache(app.config.nb_execution_cache_path)
    chapters = dict(_chapters(env))
    keys = {page: cache.create_hashed_notebook(chapter)[1] for page, chapter in chapters.items()}
    before = {record.uri: record.data["execution_seconds"] for record in cache.list_cache_records()}
    _drop_outdated(cache, Path(app.srcdir), chapters, keys)
    left = {record.hashkey for record in cache.list_cache_records()}
    missing = [
        Execution(page, Path(env.doc2path(page)), chapter, app.config.nb_execution_timeout)
        for page, chapter in chapters.items()
        if keys[page] not in left
    ]
    # The longest first, so that all end together; of some only the length of the text is known.
    missing.sort(key=lambda each: (before.get(str(each.path), inf), each.path.stat().st_size))
    if missing:
        _execute(app, cache, missing[::-1])
    made = {record.hashkey: record.created.timestamp() for record in cache.list_cache_records()}
    return [page for page, key in keys.items() if made[key] != _read(env, page)]


def _chapters(env: BuildEnvironment) -> Iterator[tuple[str, NotebookNode]]:
    """Yield every page that is a notebook, as MyST-NB will read it."""
    for page in sorted(env.found_docs):
        path = env.doc2path(page)
        text = Path(path).read_text(encoding="utf-8")
        # MyST-NB has added both of its settings to the environment.
        markdown, cells = env.myst_config, env.mystnb_config  # type: ignore[attr-defined]
        if reader := create_nb_reader(path, markdown, cells, text):
            yield page, reader.read(text)


def _read(env: BuildEnvironment, page: str) -> float | None:
    """Return when the outputs were made that Sphinx read last for a page."""
    return (NbMetadataCollector.get_exec_data(env, page) or {}).get("mtime")


def _drop_outdated(
    cache: JupyterCacheBase, root: Path, chapters: dict[str, NotebookNode], keys: dict[str, str]
) -> None:
    """Drop outputs that chapters would no longer show, and those of no chapter."""
    folder = cache.path / "used"
    lists, needed = _lists(folder), set()
    for page, chapter in chapters.items():
        path, used = lists.get(_code(chapter), (None, {}))
        if changed := [name for name, noted in used.items() if state(root / name) != noted]:
            logger.info("%s is executed again, these changed: %s", page, ", ".join(changed))
        elif used:
            needed |= {keys[page], path}
    for record in cache.list_cache_records():
        if record.hashkey not in needed:
            cache.remove_cache(record.pk)
    for path in set(folder.iterdir()) - needed:
        path.unlink()


def _execute(app: Sphinx, cache: JupyterCacheBase, executions: list[Execution]) -> None:
    """Execute chapters, and keep them as MyST-NB would.

    Raises
    ------
    SystemExit
        If chapters fail, once all others are executed. About any other error Jupyter Book ends
        with a hundred lines on where it was caught, and these should say which chapter and why.
    """
    logs = Path(app.outdir).parent / "failed"
    shutil.rmtree(logs, ignore_errors=True)
    strict = app.config.nb_output_stderr == "error"
    failures: list[str] = []
    logger.info("chapters to execute: %d, at most %d at a time", len(executions), processors())

    def finish(execution: Execution, error: BaseException | None) -> None:
        if error := error or (execution.complaint() if strict else None):
            failures.append(failure(execution, error, logs))
            logger.info("%s failed", execution.page)
            return
        data = {"execution_seconds": execution.seconds}
        made = CacheBundleIn(execution.notebook, str(execution.path), data=data)
        cache.cache_notebook_bundle(made, check_validity=False, overwrite=True)
        logger.info("%s: executed in %.0f s", execution.page, execution.seconds)

    execute(executions, processors(), finish)
    if failures:
        raise SystemExit("\n".join(["", "Not every chapter could be executed:", *sorted(failures)]))


def _code(notebook: NotebookNode) -> str:
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


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("config-inited", set_up_kernels)
    app.connect("env-get-outdated", bring_up_to_date)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
