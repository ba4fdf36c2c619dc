"""No source runs text, or what comes from a file, as code, or puts text into a page as HTML."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = {"pickle", "marshal", "shelve"}
CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load", "tempfile.mktemp"}
METHODS = {"extract", "extractall", "unpack_archive", "read_pickle"}
KEYWORDS = {"shell": "True", "allow_pickle": "True", "weights_only": "False"}
IN_PAGES = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\("


def python(source):
    """Return the names of what is dangerous in a Python source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += MODULES & {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found += MODULES & {node.module}
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {k.arg: ast.unparse(k.value) for k in node.keywords}
            found += CALLS & {name}
            found += METHODS & {name.rpartition(".")[2]}
            found += [k for k, v in KEYWORDS.items() if given.get(k) == v]
            if name == "torch.load" and "weights_only" not in given:
                found.append(name)
    return found


def javascript(source):
    """Return the names of what is dangerous in a JavaScript source."""
    return re.findall(IN_PAGES, source)


def chapter(source):
    """Return the names of what is dangerous in the cells of a chapter."""
    cells = re.findall(r"^```\{code-cell\}.*?\n(.*?)^```", source, re.DOTALL | re.MULTILINE)
    settings = r"\A(---\n.*?^---|(:[^\n]*\n)+)"  # such as tags
    return [
        name
        for cell in cells
        for name in python(re.sub(settings, "", cell, flags=re.DOTALL | re.MULTILINE))
    ]


@pytest.mark.parametrize(
    ("ending", "dangers"), [("py", python), ("js", javascript), ("md", chapter)]
)
def test_no_source_does_it(ending, dangers):
    paths = [path for part in ("fpkit", "book") for path in (ROOT / part).rglob(f"*.{ending}")]
    found = {path: dangers(path.read_text(encoding="utf-8")) for path in paths}
    assert len(found) > 10
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("dangers", "source"),
    [
        (python, "import os, pickle"),
        (python, "from marshal import loads"),
        (python, "x = eval('1')"),
        (python, "yaml.load(text)"),
        (python, "tarfile.open(path).extractall()"),
        (python, "subprocess.run(command, shell=True)"),
        (python, "np.load(path, allow_pickle=True)"),
        (python, "torch.load(path)"),
        (python, "torch.load(path, weights_only=False)"),
        (chapter, "# Title\n```{code-cell}\n:tags: [x]\n\nx = eval('1')\n```\n"),
        (chapter, "```{code-cell}\n---\ntags: [x]\n---\nimport pickle\n```\n"),
        (javascript, "element.innerHTML = text"),
        (javascript, "const f = new Function(text)"),
    ],
)
def test_it_would_be_seen(dangers, source):
    assert len(dangers(source)) == 1


def test_a_method_of_the_same_name_is_harmless():
    assert python("model.eval(); np.load(path, allow_pickle=False)") == []
