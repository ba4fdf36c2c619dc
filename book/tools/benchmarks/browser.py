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
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

__all__ = ["PATIENCE", "chromium", "profile", "served", "settle", "weight"]

PATIENCE = 3_600_000  # milliseconds: an hour ends only what hangs, on any machine
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-precise-memory-info",
]
# Fonts are there, every formula is set (MathJax sets those out of view later), and every widget
# stands, so that its paragraph is gone, or says why not; it draws when it knows its width.
SETTLE = """async () => {
  await document.fonts.ready;
  const awaited = (words) => !words.textContent.includes("could not be shown");
  while ([...document.querySelectorAll(".fp-widget > .fp-fallback")].some(awaited)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await window.MathJax?.startup?.promise;
  await window.MathJax?.startup?.document.lazyTypesetAll?.();
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
}"""


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
            executable_path=installed, args=FLAGS, timeout=PATIENCE
        )
        yield browser
        browser.close()


@contextmanager
def profile(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    """Open a fresh profile with Playwright's settings, in which no step has a time limit."""
    with browser.new_context(**settings) as context:
        context.set_default_timeout(PATIENCE)
        yield context


def settle(page: Page) -> None:
    """Wait until a page of the book stands, with its formulas and widgets."""
    page.evaluate(SETTLE)


def weight(folder: Path, addresses: Iterable[str]) -> int:
    """Return bytes over the wire of files below a folder, compressed where that helps."""
    return sum(_compressed(folder / unquote(urlsplit(address).path)[1:]) for address in addresses)


@functools.cache
def _compressed(file: Path) -> int:
    body = (file / "index.html" if file.is_dir() else file).read_bytes()
    return min(len(body), len(gzip.compress(body)))
