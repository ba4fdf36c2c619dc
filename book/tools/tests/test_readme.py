"""What README.md says is so, and the files beside it agree on the version."""

import re
import subprocess
import sys
import tomllib

import pytest

from fpkit.reproduce import chapters

ROOT = chapters.book().parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
NAMING_A_VERSION = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")


@pytest.mark.slow
def test_the_program_at_its_top_shows_when_each_wave_is_learned():
    [program] = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    rows = re.findall(r"[\d.]+|inf", done.stdout)
    assert len(rows) == 8 * 3, done.stderr


def test_its_commands_are_there():
    rules = re.findall(r"^([\w -]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    there = {name for rule in rules for name in rule.split()}
    named = re.findall(r"^make ([a-z-]+)", TEXT, re.M) + re.findall(r"`make ([a-z -]+)`", TEXT)
    assert len(named) > 10
    assert {command for commands in named for command in commands.split()} <= there


def test_its_links_lead_somewhere():
    paths = re.findall(r"\]\(([\w/.]+)\)", TEXT)
    assert "book/assets/staircase.svg" in paths
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_one_version_everywhere():
    read = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMING_A_VERSION}
    version = tomllib.loads(read["pyproject.toml"])["project"]["version"]
    assert f"\nversion: {version}\n" in read["CITATION.cff"]
    assert re.search(r"^## (\S+)", read["CHANGELOG.md"], re.M)[1] == version
