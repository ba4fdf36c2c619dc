"""Let nbval run the chapters, with their exercises, as the notebooks of a course.

First the student's notebook, its answers left blank; after it every solution, with its check.
"""

from pathlib import Path
from unittest import mock

from course.notebooks import chapter, exercises, solution, student
from course.plain import Plain
from nbval.plugin import IPyNbFile

collect_ignore_glob = ["*.ipynb"]  # made from the chapters, for Binder


class Chapter(IPyNbFile):
    def collect(self):
        def read(path, as_version):
            source, plain = chapter(Path(path)), Plain(Path(path).parent)
            if not exercises(source):
                return source
            notebook = student(source, plain)
            for exercise in exercises(source):
                notebook.cells += solution(exercise, plain)
            return notebook

        with mock.patch("nbval.plugin.nbformat.read", read):
            yield from super().collect()


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md":
        front_matter = file_path.read_text(encoding="utf-8").partition("\n---\n")[0]
        if "\nkernelspec:" in front_matter:
            return Chapter.from_parent(parent, path=file_path)
    return None
