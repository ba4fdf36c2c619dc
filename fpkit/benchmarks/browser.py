"""The built book, served on this machine, and Chromium to open it with."""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

__all__ = ["SET_FORMULAS", "chromium", "served", "weight"]

# MathJax sets formulas when they come into view; this sets all of a page.
SET_FORMULAS = """window.MathJax?.startup?.promise.then(
  () => MathJax.startup.document.lazyTypesetAll?.()).then(() => {})"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and give its address."""
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that is installed, else the one that Playwright brings."""
    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        yield browser
        browser.close()


def weight(responses: Iterable[Response]) -> int:
    """Return bytes over the wire, if the server compresses what is not compressed yet."""
    bodies = (response.body() for response in responses if response.ok)
    return sum(min(len(body), len(gzip.compress(body))) for body in bodies)
