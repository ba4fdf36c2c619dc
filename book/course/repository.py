"""The book's repository, as ``_config.yml`` names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["repository"]

# As GitHub's page shows it, or as its button for cloning gives it.
ADDRESS = re.compile(
    r"(?:https?://|ssh://git@|git@)(?:www\.)?github\.com[/:]([\w.-]+)/([\w.-]+?)(?:\.git)?/*"
)


def repository(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return the address and the branch from which readers get the book.

    ``settings`` has ``url`` and, unless it is "main", ``branch``. ValueError if the address is not
    that of a repository on GitHub: the links to Binder, Colab and the pages need one.
    """
    url, branch = str(settings.get("url") or "").strip(), str(settings.get("branch") or "main")
    match = ADDRESS.fullmatch(url)
    if not match:
        raise ValueError(
            f"_config.yml, repository.url: expected https://github.com/OWNER/NAME, got {url!r}"
        )
    return f"https://github.com/{match[1]}/{match[2]}", branch.strip()
