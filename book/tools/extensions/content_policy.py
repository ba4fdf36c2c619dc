"""Each page says what it may load and run: its content security policy.

It loads only what is served with it. It runs the site's scripts, and of scripts in the page itself
those that stood there when it was built: the policy names each by its hash. What is slipped in
later does not run. The slides of the course get the same.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

__all__ = ["Scripts", "with_policy"]

logger = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'",
    "script-src 'self' {hashes}",
    # MathJax writes a style sheet, and the theme and the outputs of cells style single elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",  # the search shows a line of each page that it finds
    "worker-src 'self'",  # the playground trains in one
    "frame-src {frames}",
    # These two do not follow default-src. A page that is read as a file has no 'self' in Firefox.
    "base-uri 'none'",
    "form-action 'self' file:",
)
META = '<meta http-equiv="Content-Security-Policy" content="{policy}" />'
HASHES = re.compile(r"(?<=script-src 'self' )[^;]*")
WRITTEN = re.compile(META.format(policy='[^"]*'))
# The policy comes first but for the character set, which has to be in the first kilobyte.
TOP = re.compile(r"(?:.*?<meta charset=[^>]*>)?", re.DOTALL)
# Code in attributes that the theme writes; book/assets/buttons.js does the same.
PRESSES = re.compile(r' onclick="(?:window\.print|toggleFullScreen)\(\)"')


class Scripts(HTMLParser):
    """Collects the scripts in a page, and the attributes of its elements that are code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.attributes: list[str] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script, unless it is in a file of its own or only data."""
        given = dict(attrs)
        self.attributes += [f'{name}="{given[name]}"' for name in given if name.startswith("on")]
        data = (given.get("type") or "").endswith("json")
        self._inside = tag == "script" and "src" not in given and not data
        if self._inside:
            self.inline.append("")

    def handle_data(self, data: str) -> None:
        """Take in a piece of a script."""
        if self._inside:
            self.inline[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End a script."""
        self._inside = False


def with_policy(page: str, *, others: Iterable[str] = (), frames: str = "'none'") -> str:
    """Return a page with the policy for its scripts, and for the scripts of ``others``.

    A policy that it has already is replaced.
    """
    page = WRITTEN.sub("", page)
    scripts = {script for text in (page, *others) for script in Scripts(text).inline}
    declared = TOP.match(page)
    top = declared.end() if declared else 0
    return page[:top] + _policy(map(_hash, scripts), frames) + page[top:]


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def write_policies(app: Sphinx, error: Exception | None) -> None:
    """Give every page its policy, unless code is in its attributes: that is forbidden, and told.

    A page that has this policy is as it was left here: Sphinx writes pages without.
    """
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        if "_static" in path.relative_to(site).parts or _has_policy(page):  # templates of the theme
            continue
        page = PRESSES.sub("", page)
        for attribute in (forbidden := Scripts(page).attributes):
            logger.warning("%s: the policy forbids code in attributes: %s", path, attribute)
        if not forbidden:
            path.write_text(with_policy(page), encoding="utf-8")


def _has_policy(page: str) -> bool:
    """Tell if a page has the policy of today, whichever scripts it names."""
    written = WRITTEN.search(page)
    return written is not None and HASHES.sub("", written[0]) == _policy()


def _policy(hashes: Iterable[str] = (), frames: str = "'none'") -> str:
    policy = "; ".join(POLICY).format(hashes=" ".join(sorted(hashes)), frames=frames)
    return META.format(policy=policy)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the end of the build, when all pages are written."""
    app.connect("build-finished", write_policies, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
