"""Print how fast the pages of a built book are: ``python -m fpkit.benchmarks.pages SITE [FILE]``.

Every page is opened several times in a fresh profile of Chromium, from a server on this machine.
The medians are compared with the bars:

- largest contentful paint: when the largest part of the first screen stands;
- total blocking time: by how much tasks after the first paint pass 50 ms each, in sum;
- weight: bytes of everything that the page loads, compressed.
"""

from __future__ import annotations

import datetime
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Response

from .browser import chromium, served

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
MEASURE = """async () => {
  const paints = () => performance.getEntriesByName("first-contentful-paint");
  while (!paints().length) await new Promise((resume) => setTimeout(resume, 50));
  const first = paints()[0].startTime;
  const late = window.tasks.filter(({ startTime, duration }) => startTime + duration > first);
  return [window.paint, late.reduce((sum, { duration }) => sum + duration - 50, 0)];
}"""


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


def main(site: Path, file: Path | None) -> None:
    """Print a line for each page, and write them to a file if one is named."""
    found: dict[str, Any] = {"date": datetime.date.today().isoformat(), "bars": BARS, "pages": {}}
    print(f"{'page':<24}{'paint ms':>10}{'blocking ms':>13}{'weight kB':>11}")
    with served(site) as address, chromium() as browser:
        for path in sorted(site.glob("book/*.html")):
            page = f"{address}/book/{path.name}"
            paint, blocking, weight = np.median(
                [measure(browser, page) for _ in range(ROUNDS)], axis=0
            )
            values = {"paint": paint, "blocking": blocking, "weight": weight}
            found["pages"][path.stem] = {name: round(value) for name, value in values.items()}
            missed = [name for name, value in values.items() if value > BARS[name]]
            line = f"{path.stem:<24}{paint:>10.0f}{blocking:>13.0f}{weight:>11.0f}"
            print(line + (f"  MISSED: {', '.join(missed)}" if missed else ""), flush=True)
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
