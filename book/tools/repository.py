"""The book's repository, in one form however ``_config.yml`` writes its address.

Buttons, notebooks and the pages' own address are made from it. People copy what a forge shows
them: an address that ends in ``.git`` or in a slash, or one for ``ssh``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from fpkit.reproduce import chapters

__all__ = ["NOBODY", "Repository", "configured", "repository"]

# Who owns the repository as long as nobody has said so in ``_config.yml``.
NOBODY = "your-name"
ADDRESS = re.compile(
    r"(?:https?://(?:www\.)?|ssh://git@|git@)github\.com[/:]([\w-]+)/([\w.-]+?)(?:\.git)?/*",
    re.ASCII | re.IGNORECASE,
)
# Other names would need one spelling in an address and another in a shell.
BRANCH = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)


@dataclass(frozen=True)
class Repository:
    """A repository on GitHub, and the branch that the book is made from."""

    owner: str
    name: str
    branch: str

    @property
    def url(self) -> str:
        """The address for browsers and for ``git clone``."""
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def site(self) -> str:
        """The address at which GitHub Pages serves the branch ``gh-pages``."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"


def repository(url: Any, branch: Any) -> Repository:
    """Return the repository that settings name; ValueError if they do not."""
    address = ADDRESS.fullmatch(str(url))
    if not address:
        raise ValueError(
            "_config.yml: repository: url: expected an address such as "
            f"https://github.com/your-name/frequency-principle, got {url!r}"
        )
    # Without quotes YAML reads 1.10 as the number 1.1, and `on` as true.
    if not isinstance(branch, str) or not BRANCH.fullmatch(branch):
        raise ValueError(
            "_config.yml: repository: branch: expected letters, digits and . _ - /, in quotes if "
            f"it could be a number, got {branch!r}"
        )
    return Repository(address[1], address[2], branch)


def configured() -> tuple[dict[str, Any], Repository]:
    """Return the settings in ``_config.yml``, and the repository that they name."""
    path = chapters.book().parent / "_config.yml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = settings["repository"]
    return settings, repository(named.get("url"), named.get("branch"))
