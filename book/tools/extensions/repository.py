"""Give the theme the book's repository, from which it makes the addresses of its buttons."""

from collections.abc import Mapping
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

from book.tools.repository import NOBODY, Repository, repository

__all__ = ["of_theme"]

logger = logging.getLogger(__name__)


def of_theme(options: Mapping[str, Any]) -> Repository:
    """Return the repository that the options of the theme name; ConfigError if they do not."""
    try:
        return repository(options.get("repository_url"), options.get("repository_branch"))
    except ValueError as error:
        raise ConfigError(str(error)) from error


def normalise(app: Sphinx, config: Config) -> None:
    """Let the theme have the one form, too: it makes the addresses of its buttons itself.

    As long as the repository is nobody's, it makes none that would lead nowhere. Those for Binder
    and Colab are taken away where the download buttons are made, in `executable_book`.
    """
    options = config.html_theme_options
    found = of_theme(options)
    options["repository_url"] = found.url
    if found.owner == NOBODY:
        options |= {"use_repository_button": False, "use_issues_button": False}
        logger.info(
            "No buttons for GitHub, Binder and Colab: the repository in _config.yml is still that "
            "of %s.", NOBODY, color="yellow",
        )  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the above to the build."""
    app.connect("config-inited", normalise)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
