"""Let nbval run the chapters: MyST notebooks, which jupytext reads as notebooks."""

from unittest import mock

import jupytext
from nbval.plugin import IPyNbFile

collect_ignore_glob = ["*.ipynb"]  # made from the chapters, for Binder


class Chapter(IPyNbFile):
    def collect(self):
        def read(path, as_version):
            return jupytext.read(path, as_version, fmt="md:myst")

        with mock.patch("nbval.plugin.nbformat.read", read):
            yield from super().collect()


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        front_matter = file_path.read_text(encoding="utf-8").partition("\n---\n")[0]
        if "\nkernelspec:" in front_matter:
            return Chapter.from_parent(parent, path=file_path)
    return None
