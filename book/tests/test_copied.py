"""Lines that readers are told to copy stand alone: cells with the tag "copy"."""

import re

import pytest
import torch

from book.optimisers import second_order
from book.tools.course.plain import page
from fpkit.reproduce import chapters

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.M | re.S)
TAG = re.compile(r"^:tags: \[copy\]\n", re.M)


def blocks(text):
    """Return the code of all cells to copy, those that follow each other as one."""
    found, end, last = [], 0, False
    for match in CELL.finditer(text):
        copied = bool(TAG.match(match[1]))
        code = TAG.sub("", match[1])
        if copied and last and not text[end : match.start()].strip():
            found[-1] += code
        elif copied:
            found.append(code)
        end, last = match.end(), copied
    return found


BLOCKS = {
    f"{name}-{number}": block
    for name in chapters.chapters()
    for number, block in enumerate(blocks(page(name).read_text(encoding="utf-8")))
}


def test_cells_that_follow_each_other_are_one_block():
    cell = "```{{code-cell}} ipython3\n{}{}\n```\n\n"
    one, two, other = (cell.format(":tags: [copy]\n", f"x = {i}") for i in (1, 2, 3))
    assert blocks(one + two) == ["x = 1\nx = 2\n"]
    assert blocks(one + "Words.\n\n" + two + cell.format("", "y") + other) == [
        "x = 1\n", "x = 2\n", "x = 3\n"
    ]  # fmt: skip


@pytest.mark.parametrize("chapter", ["is_it_bias", "encodings", "optimisers", "equations"])
def test_each_chapter_on_what_helps_has_lines_to_copy(chapter):
    assert f"{chapter}-0" in BLOCKS


@pytest.mark.parametrize("name", BLOCKS)
def test_lines_to_copy_need_nothing_else(name, run_program, capsys):
    run_program(BLOCKS[name])
    assert capsys.readouterr().out.strip(), "they print what came out"


def test_a_gauss_newton_step_needs_nothing_else(run_program):
    gauss_newton = run_program(second_order.to_copy())["gauss_newton"]
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(1, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1))
    x = torch.linspace(-1, 1, 9)[:, None]
    y = torch.sin(3 * x)[:, 0]
    before = (net(x)[:, 0] - y).square().mean()
    for _ in range(30):
        gauss_newton(net, x, y)
    assert (net(x)[:, 0] - y).square().mean() < before / 100
