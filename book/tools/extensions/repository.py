"""The book's repository, in one form however ``_config.yml`` writes its address.

Buttons, notebooks and the pages' own address are made from it. People copy what a forge shows
them: an address that ends in ``.git`` or in a slash, or one for ``ssh``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from fpkit.reproduce import chapters

__all__ = ["Repository", "configured", "of_theme", "repository"]

logger = logging.getLogger(__name__)

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
    """Return the repository that settings name; ConfigError, if they do not."""
    address = ADDRESS.fullmatch(str(url))
    if not address:
        raise ConfigError(
            "_config.yml: repository: url: expected an address such as "
            f"https://github.com/your-name/frequency-principle, got {url!r}"
        )
    # Without quotes YAML reads 1.10 as the number 1.1, and `on` as true.
    if not isinstance(branch, str) or not BRANCH.fullmatch(branch):
        raise ConfigError(
            "_config.yml: repository: branch: expected letters, digits and . _ - /, in quotes if "
            f"it could be a number, got {branch!r}"
        )
    return Repository(address[1], address[2], branch)


def of_theme(options: Mapping[str, Any]) -> Repository:
    """Return the repository that the options of the theme name."""
    return repository(options.get("repository_url"), options.get("repository_branch"))


def configured() -> tuple[dict[str, Any], Repository]:
    """Return the settings in ``_config.yml``, and the repository that they name."""
    path = chapters.book().parent / "_config.yml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    named = settings["repository"]
    return settings, repository(named.get("url"), named.get("branch"))


def normalise(app: Sphinx, config: Config) -> None:
    """Let the theme have the one form, too: it makes the addresses of its buttons itself.

    As long as the repository is nobody's, it makes none: they would lead nowhere.
    """
    options = config.html_theme_options
    found = of_theme(options)
    options["repository_url"] = found.url
    if found.owner == NOBODY:
        options |= {"use_repository_button": False, "use_issues_button": False}
        options["launch_buttons"] = {}
        logger.info(
            "No buttons for GitHub, Binder and Colab: the repository in _config.yml is still that "
            "of %s.", NOBODY, color="yellow",
        )  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("config-inited", normalise)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
