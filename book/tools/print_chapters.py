"""Print each page of the built book: ``python -m book.tools.print_chapters SITE FOLDER``."""

import sys
from pathlib import Path

from book.tools.benchmarks.browser import chromium, profile, served, settle


def print_chapters(site: Path, folder: Path) -> None:
    """Write one PDF for each page below ``site/book`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with served(site) as address, chromium() as browser, profile(browser) as context:
        page = context.new_page()
        for path in sorted(site.glob("book/*/*.html")):
            page.goto(f"{address}/{path.relative_to(site).as_posix()}")
            settle(page)
            page.pdf(path=folder / f"{path.stem}.pdf", format="A4", print_background=True)
            print(folder / f"{path.stem}.pdf")


if __name__ == "__main__":
    print_chapters(Path(sys.argv[1]), Path(sys.argv[2]))
