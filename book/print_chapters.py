"""Print each page of the built book to a PDF: ``python book/print_chapters.py SITE FOLDER``."""

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

# MathJax sets formulas when they come into view.
ALL_FORMULAS = """window.MathJax?.startup?.promise.then(
  () => MathJax.startup.document.lazyTypesetAll()).then(() => {})"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that does not report each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def print_chapters(site: Path, folder: Path) -> None:
    """Write one PDF for each page below ``site/book`` into ``folder``."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("Chromium is needed to print: install it, for instance `apt install chromium`")
    folder.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(Quiet, directory=site)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for path in sorted(site.glob("book/*.html")):
            address = f"http://127.0.0.1:{server.server_port}/{path.relative_to(site).as_posix()}"
            page.goto(address, wait_until="networkidle")
            page.evaluate(ALL_FORMULAS)
            page.pdf(path=folder / f"{path.stem}.pdf", format="A4", print_background=True)
            print(folder / f"{path.stem}.pdf")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    print_chapters(Path(sys.argv[1]), Path(sys.argv[2]))
