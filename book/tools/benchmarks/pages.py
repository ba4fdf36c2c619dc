"""Print how fast the pages of a built book are: ``python -m book.tools.benchmarks.pages SITE``.

Every page is opened several times in a fresh profile of Chromium, from a server on this machine:
all pages once, then all again, so that a moment in which the machine is busy elsewhere meets each
page at most once or twice.  The medians are compared with the bars:

- largest contentful paint: when the largest part of the first screen stands;
- total blocking time: by how much tasks after the first paint pass 50 ms each, in sum;
- weight: bytes of everything that the page loads, compressed.

On the page of the playground a network trains meanwhile: frames are counted, and those with a new
curve.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser
from tqdm.auto import tqdm

from book.tools.benchmarks.browser import chromium, profile, served, settle, weight

ROUNDS = 5
SECONDS = 5  # of training while frames are counted
BARS = {"paint": 1_000, "blocking": 200, "weight": 1_200}
VIEW = {"width": 1280, "height": 900}
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
PLAY = """(seconds) => new Promise((resolve) => {
  const output = document.querySelector(".fp-playground .fp-output");
  let frames = 0;
  let drawings = 0;
  let start = null;
  new MutationObserver((changes) => { drawings += changes.length; })
    .observe(output, { attributes: true, attributeFilter: ["d"] });
  const count = (now) => {
    start ??= now;
    const passed = (now - start) / 1000;
    if (passed >= seconds) return resolve([frames / passed, drawings / passed]);
    frames += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
})"""


def measure(browser: Browser, site: Path, address: str, name: str) -> tuple[float, float, float]:
    """Return milliseconds to the largest paint, milliseconds blocked, and kilobytes of a page."""
    loaded: list[str] = []
    with profile(browser, viewport=VIEW) as context:
        page = context.new_page()
        page.add_init_script(OBSERVE)
        page.on("response", lambda response: loaded.append(response.url))
        page.goto(f"{address}/book/{name}/{name}.html", wait_until="networkidle")
        page.wait_for_timeout(1_000)
        paint, blocking = page.evaluate(MEASURE)
    kilobytes = weight(site, (url for url in loaded if url.startswith(address))) / 1_000
    return paint, blocking, kilobytes


def play(browser: Browser, address: str) -> tuple[float, float]:
    """Return frames and drawings per second of training."""
    with profile(browser, viewport=VIEW) as context:
        page = context.new_page()
        page.goto(f"{address}/book/playground/playground.html")
        settle(page)
        page.locator(".fp-playground").get_by_role("button", name="Play").click()
        frames, drawings = page.evaluate(PLAY, SECONDS)
        return frames, drawings


def main(site: Path, file: Path | None) -> None:
    """Print a line for each page, and write them to a file if one is named."""
    pages = sorted(path.stem for path in site.glob("book/*/*.html"))
    with served(site) as address, chromium() as browser:
        rounds = [
            [measure(browser, site, address, page) for page in pages]
            for _ in tqdm(range(ROUNDS), "rounds over all pages")
        ]
        rates = np.median([play(browser, address) for _ in range(ROUNDS)], axis=0)
    found: dict[str, Any] = {"date": datetime.date.today().isoformat(), "bars": BARS, "pages": {}}
    names = "frames", "drawings"
    found |= {name: round(value, 1) for name, value in zip(names, rates, strict=True)}
    print(f"{'page':<24}{'paint ms':>10}{'blocking ms':>13}{'weight kB':>11}")
    for page, medians in zip(pages, np.median(rounds, axis=0), strict=True):
        values = {name: round(value) for name, value in zip(BARS, medians, strict=True)}
        found["pages"][page] = values
        missed = [name for name, value in values.items() if value > BARS[name]]
        line = f"{page:<24}{values['paint']:>10}{values['blocking']:>13}{values['weight']:>11}"
        print(line + (f"  MISSED: {', '.join(missed)}" if missed else ""))
    print("The playground, while it trains: {frames} frames a second, {drawings} of them with a "
          "new curve".format(**found))  # fmt: skip
    if file:
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
