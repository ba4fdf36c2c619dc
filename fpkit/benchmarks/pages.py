"""Print how fast the pages of a built book are: ``python -m fpkit.benchmarks.pages SITE``.

Every page is opened several times in a fresh profile of Chromium, from a server on this machine.
The medians are compared with the bars:

- largest contentful paint: when the largest part of the first screen stands;
- total blocking time: by how much tasks after the first paint pass 50 ms each, in sum;
- weight: bytes of everything that the page loads, compressed.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Response, sync_playwright

ROUNDS = 3
BARS = {"paint": 1_000, "blocking": 200, "weight": 1_200}
OBSERVE = """
  window.paint = 0;
  window.tasks = [];
  new PerformanceObserver((list) => { for (const { startTime } of list.getEntries()) window.paint = startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries()))
    .observe({ type: "longtask", buffered: true });
"""  # noqa: E501
MEASURE = """() => {
  const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const late = window.tasks.filter(({ startTime, duration }) => startTime + duration > first);
  return [window.paint, late.reduce((sum, { duration }) => sum + duration - 50, 0)];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that does not report each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def measure(browser: Browser, address: str) -> tuple[float, float, float]:
    """Return milliseconds to the largest paint, milliseconds blocked, and kilobytes of a page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(1_000)
    paint, blocking = page.evaluate(MEASURE)
    bodies = [response.body() for response in responses if response.ok]
    context.close()
    weight = sum(min(len(body), len(gzip.compress(body))) for body in bodies)
    return paint, blocking, weight / 1_000


def main(site: Path) -> None:
    """Print a line for each page."""
    handler = functools.partial(Quiet, directory=site)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        installed = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        print(f"{'page':<24}{'paint ms':>10}{'blocking ms':>13}{'weight kB':>11}")
        for path in sorted(site.glob("book/*.html")):
            address = f"http://127.0.0.1:{server.server_port}/book/{path.name}"
            found = np.median([measure(browser, address) for _ in range(ROUNDS)], axis=0)
            missed = [
                name for value, (name, bar) in zip(found, BARS.items(), strict=True) if value > bar
            ]
            paint, blocking, weight = found
            line = f"{path.stem:<24}{paint:>10.0f}{blocking:>13.0f}{weight:>11.0f}"
            print(line + (f"  MISSED: {', '.join(missed)}" if missed else ""), flush=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
