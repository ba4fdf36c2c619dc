"""The notebooks and slides that are derived from a chapter."""

import builtins
import json
import re
import sys
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree
from zipfile import ZipFile

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import PyFileConfigLoader

from book.exercises import check
from book.tools.contents import parts
from book.tools.course import (
    figures,
    grading,
    handout,
    notebooks,
    outcomes,
    projects,
    questions,
    readers,
)
from book.tools.course.__main__ import NBGRADER
from book.tools.course.deck import LIMIT, chapter_slides, shown_in, vote
from book.tools.course.dependencies import changed, free, needed
from book.tools.course.lecture import lecture, plan
from book.tools.course.plain import Plain, page
from book.tools.course.questions import Answer, Question
from book.tools.course.slides import slides
from book.tools.repository import NOBODY, repository
from fpkit.reproduce import chapters

PLAIN = Plain()
ALT = {"image": {"alt": 'Two & "three" lines.'}}
CHAPTERS = [
    name for name in chapters.chapters() if "{exercise}" in page(name).read_text(encoding="utf-8")
]
TEXT = """\
# A title

**The claim.** More, by {cite:t}`xu2019training` {cite:p}`xu2018understanding`.

% note: Ask first.
% Then show.

See {doc}`ntk` or {doc}`the kernel <ntk>`.

## Exercises

```{exercise}
:label: first-below
What is it?
```

````{solution} first-below
:class: dropdown
Because.
```python
def first_below(steps, error):
    return next(step for step, value in zip(steps, error) if value < 0.1)
```
````

```{exercise}
:label: not-checked
And why?
```

```{solution} not-checked
:class: dropdown
Therefore.
```
"""


@pytest.fixture
def chapter():
    return new_notebook(cells=[new_markdown_cell(TEXT)])


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def test_text_becomes_plain():
    assert PLAIN("{cite:t}`luo2021theory`") == "Luo et al. (2021)"
    assert PLAIN("{cite:p}`zhang2021slides,xu2018understanding`") == (
        "(Zhang and Luo, n.d.; Xu, 2018)"
    )
    assert PLAIN("{doc}`the kernel <ntk>`") == "[the kernel](ntk.ipynb)"
    assert PLAIN("```{admonition} Now\n:class: tip\n\nOne.\n\nTwo.\n```") == (
        "> **Now**\n>\n> One.\n>\n> Two."
    )
    linked = "````{grid-item-card} Why\n:link: /book/ntk/ntk\n:link-type: doc\n\n%s\n\nSo.\n````"
    drawn = linked % "```{raw} html\n<svg/>\n```"
    assert PLAIN(f"`````{{grid}} 1 3\n:gutter: 3\n\n{drawn}\n`````") == "**[Why](ntk.ipynb)**: So."
    assert PLAIN("```{grid-item-card} Run it\nNow.\n```") == "**Run it**: Now."
    assert PLAIN("(a-label)=\nA figure.") == "A figure."


@pytest.mark.parametrize(
    ("text", "message"),
    [("```{new}\n```", "directive: 'new' has no plain"), ("{new}`x`", "role: 'new' has no plain")],
)
def test_what_has_no_plain_form_is_an_error(text, message):
    with pytest.raises(ValueError, match=message):
        PLAIN(text)


def test_students_get_blanks_and_no_solution(chapter):
    cells = sources(notebooks.student(chapter, PLAIN))
    assert cells[2:] == [
        "**Exercise 1.** What is it?",
        "# A function of (steps, error) that returns the first step with an error below 0.1.\n"
        "first_below = ...",
        'check("first-below", first_below)',
        "**Exercise 2.** And why?",
        "*Your answer:*",
        "# Your code, if you need any.",
    ]
    assert not re.search("Because|Therefore|Ask first|%", "".join(cells))


SOMEBODYS = repository("https://github.com/some-one/a.book", "main")
NOBODYS = repository(f"https://github.com/{NOBODY}/a.book", "main")


@pytest.fixture
def run_first_cell(monkeypatch, run_program):
    """Run the first cell of a notebook where packages are missing; return the commands it ran."""

    def first_cell(of, *, missing=("fpkit",), fails=""):
        ran = []

        def run(command, **settings):
            ran.append([*command])
            failed = fails and fails in command
            return CompletedProcess(command, 128 if failed else 0, "", "no route to host")

        def find(name):
            return None if name in missing else name

        monkeypatch.setattr("importlib.util.find_spec", find)
        monkeypatch.setattr("subprocess.run", run)
        monkeypatch.setattr("sys.path", sys.path[:])
        run_program(notebooks.install_cell(of).source)
        return ran

    return first_cell


@pytest.mark.parametrize("missing", [("fpkit",), ("book",)])
def test_the_first_cell_fetches_what_is_missing(
    monkeypatch, tmp_path, capsys, run_first_cell, missing
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "the-book" / "binder"
    folder.mkdir(parents=True)
    listed = (chapters.book().parent / "binder" / "requirements.txt").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(listed, encoding="utf-8")
    monkeypatch.setattr("sys.platform", "linux")
    (install,) = run_first_cell(SOMEBODYS, missing=missing)  # it was cloned before
    words, index = install[1:-2], install[-2:]
    assert words == ["-m", "pip", "install", "--quiet", "-e", "./the-book[book]"]
    assert " ".join(index) in listed.splitlines()
    assert index[0] == "--extra-index-url"
    assert "minutes" in capsys.readouterr().out
    monkeypatch.setattr("sys.platform", "darwin")
    assert run_first_cell(SOMEBODYS, missing=missing) == [[install[0], *words]]


def test_the_first_cell_stops_without_a_connection(monkeypatch, tmp_path, run_first_cell):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError, match=r"Is there a connection\? no route to host"):
        run_first_cell(SOMEBODYS, fails="clone")


def test_where_the_book_is_nothing_is_fetched(run_first_cell, capsys):
    for of in (SOMEBODYS, NOBODYS):
        assert run_first_cell(of, missing=()) == []
    assert capsys.readouterr().out == ""


def test_nothing_is_fetched_from_an_address_of_nobody(run_first_cell):
    for missing in ("fpkit", "book"):
        with pytest.raises(ModuleNotFoundError, match="the folder that your teacher gave you"):
            run_first_cell(NOBODYS, missing=missing)


def test_what_students_are_handed_names_no_address_of_nobody(tmp_path):
    handout.write(tmp_path / "course.zip", NOBODYS)
    with ZipFile(tmp_path / "course.zip") as archive:
        files = {Path(name).name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(files) == sorted(["README.md", *(f"{name}.ipynb" for name in CHAPTERS)])
    for name, text in files.items():
        assert not re.search(rf"{NOBODY}|git clone|github", text), name
    assert 'pip install -e "FOLDER[book]"' in files["README.md"]
    readme = handout.fetched(SOMEBODYS)
    assert SOMEBODYS.url in readme
    assert "FOLDER" not in readme


def test_teachers_get_solutions_checks_and_notes(chapter):
    cells = sources(notebooks.instructor(chapter, PLAIN))
    assert "> **For teachers.** Ask first.\n> Then show." in cells[0]
    assert cells[3] == "**Solution.** Because."
    assert cells[4].startswith("def first_below(steps, error):")
    assert cells[5] == 'outcome = check("first-below", first_below)\nassert outcome, outcome'
    assert cells[-1] == "**Solution.** Therefore."


def test_assignments_can_be_graded(chapter):
    notebook = notebooks.assignment(chapter, "A title", PLAIN)
    graded = {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }
    assert list(graded) == ["first-below", "first-below-check", "not-checked"]
    asked, begin = graded["first-below"].source.split("\n")[:2]
    assert asked.endswith(" below 0.1. Its name: first_below")
    assert begin == "### BEGIN SOLUTION"
    assert graded["first-below"].source.endswith("\n### END SOLUTION")
    points = [cell.metadata["nbgrader"].get("points", 0) for cell in graded.values()]
    assert points == [0, 1, 1]
    assert graded["first-below-check"].metadata["nbgrader"]["locked"]
    assert notebook.cells[-1].source == "# Your code, if you need any."


@pytest.mark.parametrize("before", ["", "check = 5", "outcome = the_check_of_the_book = None"])
def test_a_check_in_an_assignment_needs_nothing_before_it(chapter, run_program, before):
    """A student may have deleted the cells above it, or may use its name."""
    notebook = notebooks.assignment(chapter, "A title", PLAIN)
    asked = notebooks.exercises(chapter)[0]
    [judge] = [c.source for c in notebook.cells if c.metadata.get("nbgrader", {}).get("locked")]
    [answer] = [c.source for c in notebook.cells if c.source.startswith("# A function of (steps")]
    run_program(f"{answer}\n{before}\n{judge}")
    with pytest.raises(AssertionError, match=r"Not yet\."):
        run_program(f"{before}\n{asked.answer} = 3\n{judge}")


def test_a_wrong_answer_is_told_the_hint(chapter):
    asked = notebooks.exercises(chapter)[0]
    judged = 'outcome = check("first-below", first_below)\nassert outcome, outcome'
    assert asked.asserted() == judged
    outcome = check(asked.label, lambda steps, error: None)
    with pytest.raises(AssertionError, match=r"Not yet\. .*None.*return"):
        assert outcome, outcome


def test_an_assignment_has_what_its_exercises_need_and_no_more():
    programs = ["import numpy as np", "x = np.zeros(3)", "y = x + 1", "rows = []", "rows.append(y)"]
    programs += ["a.b[0] = rows", "def f(z):\n    return z * x"]
    kept = {wanted: needed(programs, [wanted]) for wanted in ("x", "rows", "a", "f", "other")}
    assert kept == {
        "x": [True, True, False, False, False, False, False],
        "rows": [True, True, True, True, True, False, False],
        "a": [True, True, True, True, True, True, False],
        "f": [True, True, False, False, False, False, True],
        "other": [False] * 7,
    }


def test_only_what_makes_a_name_is_needed():
    programs = [
        "import figures\nfrom drawing import Markdown",
        "x = 1",
        "figures.elephant(x)",  # needs names, and makes none
        "Markdown('of one')",
        "share = 1 / x",
        "x = 2",  # what it was before does not matter any more
        "rows = []\nfor x in rows:\n    rows.append(x)",
    ]
    assert needed(programs, ["figures", "Markdown"]) == [True] + 6 * [False]
    assert needed(programs[:-1], ["x"]) == 5 * [False] + [True]
    assert needed(programs[:-1], ["share"]) == [False, True, False, False, True, False]
    assert needed(programs, ["x"]) == 6 * [False] + [True]


def test_a_function_changes_only_its_own_names():
    program = "def f(u):\n    low = u\n    u.append(low)\n    return [k for k in low]\nf.count = 1"
    assert changed(program) == {"f"}
    assert changed("if a:\n    b, c.d = 1, 2\nfor e in a:\n    g[0] += 1") == {"b", "c", "e", "g"}


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("run = train(nets)\nrun.outputs", {"train", "nets"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("for i in rows:\n    y = i + z\n    y", {"rows", "z"}),
        ("with a as b:\n    b", {"a"}),
        ("if a:\n    b = 1\nb", {"a", "b"}),
        ("[i * j for i in rows]", {"j", "rows"}),
        ("def f(u):\n    v = u + g\n    return lambda s: s + h + v + f(u)", {"g", "h"}),
        ("import a.b as c\nc.d", set()),
    ],
)
def test_a_program_needs_what_it_has_not_bound(program, names):
    assert free(program) == names


@pytest.mark.parametrize("name", CHAPTERS)
def test_an_assignment_is_not_the_chapter(name):
    """Most cells of a chapter show something; none that does only that is in its assignment."""
    chapter = notebooks.chapter(page(name))
    code = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
    graded = notebooks.assignment(chapter, name, PLAIN)
    before = [
        cell.source
        for cell in graded.cells
        if cell.cell_type == "code" and "nbgrader" not in cell.metadata
        if cell.source != notebooks.SCRATCH
    ]
    assert len(before) < 0.6 * len(code)
    assert all(changed(program) for program in before)


def test_no_assignment_gives_its_answers_away():
    """Exercise 3 of the first chapter asks for what a cell of the chapter prints."""
    share = "fp.spectra.dft(x)[k] / target[k]"
    assert share in page("one_dimension").read_text(encoding="utf-8")
    graded = notebooks.assignment(notebooks.chapter(page("one_dimension")), "A title", PLAIN)
    given = [cell.source for cell in graded.cells if "nbgrader" not in cell.metadata]
    assert share not in "\n".join(given)


@pytest.mark.parametrize("name", CHAPTERS)
def test_solutions_find_all_names_in_their_assignment(name):
    notebook = notebooks.assignment(notebooks.chapter(page(name)), name, PLAIN)
    programs = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert free("\n".join(programs)) <= set(dir(builtins))


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_has_valid_notebooks(name):
    source = notebooks.chapter(page(name))
    for derive in (notebooks.student, notebooks.instructor):
        notebook = derive(source, PLAIN)
        nbformat.validate(notebook)
        text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert not re.search(r"\{[a-z:-]+\}`|^`{3,}\{|^%", text, re.M)
    nbformat.validate(notebooks.assignment(source, name, PLAIN))
    student = json.dumps(notebooks.student(source, PLAIN))
    for exercise in notebooks.exercises(source):
        assert exercise.solution
        telling = max(exercise.solution.split("\n"), key=len)
        assert json.dumps(telling)[1:-1] not in student


def figure(drawn, **told):
    output = new_output("display_data", {"image/svg+xml": f"<svg>{drawn}</svg>"})
    return new_code_cell("plot()", outputs=[output], metadata={"mystnb": ALT | {"figure": told}})


def widget(name):
    shown = f'<div class="fp-widget" data-module="{name}"></div>'
    return new_code_cell("show()", outputs=[new_output("display_data", {"text/html": shown})])


def test_a_chapters_slides():
    exercises = TEXT[TEXT.index("## Exercises") :]
    cells = [new_markdown_cell("# A title\n\n**The claim.** More.\n\n## One\n\nBefore.")]
    for name in range(30):
        cells += [figure(name, caption=f"It is {name} < $x$."), new_markdown_cell("After.")]
    cells.append(new_markdown_cell("## Two"))
    cells += [figure("last"), new_markdown_cell("## Key points\n\n- Remember.\n\n" + exercises)]
    shown = chapter_slides(new_notebook(cells=cells), PLAIN)
    assert len(shown) == LIMIT
    assert (shown[0].heading, shown[0].line) == ("A title", "**The claim.** More.")
    assert shown[1].line == "It is 0 < $x$."
    assert shown[-3].heading == "Two", "every section has its first figure, though there are many"
    assert (shown[-2].heading, shown[-2].shown) == ("To take home", "- Remember.")
    assert (shown[-1].heading, shown[-1].shown) == ("Your turn", "What is it?")
    page = slides("A title", shown)
    assert page.count("<section") == LIMIT
    assert '<img alt="Two &amp; &quot;three&quot; lines." src="data:image/svg+xml;base64,' in page
    assert '<p>It is 0 &lt; <span class="math inline">\\(x\\)</span>.</p>' in page


def test_what_is_said_of_a_figure_is_on_its_slide():
    text = "## Part\n\nLook at this."
    cells = [
        new_markdown_cell("# A title\n\n% note: Begin slowly.\n\n" + text),
        figure("one", caption="The first."),
        new_markdown_cell("What one saw.\n\n% note: Cover it,\n% and ask.\n\nMove the slider."),
        widget("scrubber"),
        new_markdown_cell("Seen.\n\n## Next\n\nNow this."),
        figure("two"),
    ]
    shown = shown_in(new_notebook(cells=cells), PLAIN)
    assert [slide.line for slide in shown] == ["The first.", "Move the slider.", "Now this."]
    assert shown[0].notes == ["Begin slowly.", "Look at this.", "Cover it, and ask."]
    assert shown[1].notes == ["What one saw.", "Move the slider.", "Seen."]


def test_what_needs_a_kernel_is_no_slide_and_no_figure(tmp_path):
    panel = figure("stand-in", caption="One network.")
    panel.source = 'fp.live("a", steps=3)'
    folded = figure("folded")
    cells = [new_markdown_cell("# A title\n\n## One"), figure("one", caption="The first.")]
    notebook = new_notebook(cells=[*cells, new_markdown_cell("## Train"), panel, folded])
    assert [slide.line for slide in shown_in(notebook, PLAIN)] == ["The first.", ""]
    lines = list(figures.write(notebook, "a", PLAIN, tmp_path))
    assert lines == ["- `a-1.svg`: The first.", '- `a-2.svg`: Two & "three" lines.']
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-1.svg", "a-2.svg"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_note_for_teachers_is_on_a_slide(name):
    """With a figure for every cell that has alt text, since here nothing is executed."""
    chapter = notebooks.chapter(page(name))
    notes = [note for c in chapter.cells for note in notebooks.NOTE.findall(c.source)]
    for cell in chapter.cells:
        if "image" in cell.metadata.get("mystnb", {}):
            cell.outputs = figure("").outputs
    said = " ".join(note for slide in chapter_slides(chapter, PLAIN) for note in slide.notes)
    assert notes
    for note in notes:
        assert PLAIN(re.sub(r"\n% ?", " ", note).strip()) in said


def test_a_vote_tells_the_right_answer_later():
    answers = Answer("Two.", "So it is.", right=True), Answer("$x$.", "No, see above.")
    asked = vote(Question("a-name", "How many?", answers), PLAIN)
    page = slides("A title", [asked])
    assert "<p>How many?</p>" in page
    assert '<div class="fragment"><p><strong>A.</strong> So it is.</p>' in page
    assert asked.notes == ["A: So it is.", "B: No, see above."]


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("So it is. See the row under *Why?* The rest is gentle.", "So it is. The rest is gentle."),
        ("So it is. See *A circle: rates, and a never*.", "So it is."),
        ("So it is. See the end of *Why?*", "So it is."),
        ("It falls.\n  Move the slider at the top of\n  the page.", "It falls."),
        ("One may see that. Read the curve.", "One may see that. Read the curve."),
    ],
)  # fmt: skip
def test_a_slide_does_not_point_at_a_page(reason, left):
    assert questions.elsewhere(reason) == left
    answers = Answer("Two.", reason, right=True), Answer("Three.", "No.")
    asked = vote(Question("a-name", "How many?", answers), PLAIN)
    assert asked.line == f"**A.** {left}"
    assert asked.notes[0] == f"A: {PLAIN(reason)}"  # the speaker is told all


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_vote_points_at_a_page(name):
    for question in questions.load(name):
        asked = vote(question, PLAIN)
        shown = f"{asked.ask}\n{asked.shown}\n{asked.line}"
        assert not re.search(r"\b(See|Look at|top of the page|folded)\b", shown)


def test_the_lecture_leaves_time_for_questions():
    minutes = [entry["minutes"] for entry in plan()["slides"]]
    assert 0.75 * plan()["minutes"] < sum(minutes) < 0.9 * plan()["minutes"]


def test_a_figure_that_is_not_there():
    written = {"slides": [{"heading": "One", "chapter": "ntk", "figure": "gone", "minutes": 3}]}
    with pytest.raises(ValueError, match="ntk: expected a figure 'gone', got "):
        lecture(written, lambda name: new_notebook(cells=[figure("one", name="here")]), PLAIN)


def test_grading_on_a_slow_machine_is_the_same(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(NBGRADER)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    clocks = {name for name in NotebookClient.class_trait_names() if name.endswith("timeout")}
    clocks -= {"interrupt_on_timeout", "raise_on_iopub_timeout", "error_on_timeout"}
    assert dict(config.Execute) == dict.fromkeys(clocks, 3600)


def test_grades_are_not_kept_where_make_clean_deletes(tmp_path):
    folder = tmp_path / "_build" / "course" / "nbgrader"
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(NBGRADER)
    with pytest.raises(SystemExit, match=r"Copy this folder out of _build first: `make clean`"):
        PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()


def test_the_map_of_outcomes_leads_somewhere():
    """To sections and exercises that there are, for every chapter with exercises but no other."""
    listed = outcomes.load()
    assert sorted(listed) == sorted(CHAPTERS)
    for name, found in listed.items():
        text = page(name).read_text(encoding="utf-8")
        labels = {one.label for one in notebooks.exercises(notebooks.chapter(page(name)))}
        assert len(found) >= 3
        assert {one.exercise for one in found} <= labels
        assert all(f"\n## {one.section}\n" in text for one in found)


@pytest.mark.parametrize("name", CHAPTERS)
def test_answers_in_words_have_rubrics_and_chapters_an_exam_question(name):
    by_hand = {
        one.label for one in notebooks.exercises(notebooks.chapter(page(name))) if not one.checked
    }
    found = grading.criteria(name)
    assert set(found) == by_hand
    assert all(rubric.points >= 2 and rubric.common for rubric in found.values())
    assert grading.exam_question(name).rubric.points >= 3


def test_rubrics_name_answers_as_students_see_them():
    listed = notebooks.exercises(notebooks.chapter(page("one_dimension")))
    told = grading.rubrics({"one_dimension": [one.label for one in listed]}, PLAIN)
    by_hand = [f"### Exercise {n}: {e.label}" for n, e in enumerate(listed, 1) if not e.checked]
    assert sorted(re.findall(r"^### .*", told, re.M)) == sorted(by_hand)
    shown = sources(notebooks.student(notebooks.chapter(page("one_dimension")), PLAIN))
    for number, exercise in enumerate(listed, 1):
        assert f"**Exercise {number}.** {PLAIN(exercise.text)}" in shown


@pytest.mark.parametrize("name", CHAPTERS)
def test_concept_questions_and_their_export(name):
    asked = questions.load(name)
    assert 3 <= len(asked) <= 5
    read = ElementTree.fromstring(questions.moodle(asked, "A & B", PLAIN, "https://a.b/c.html"))
    kinds = [entry.get("type") for entry in read.findall("question")]
    assert kinds == ["category"] + ["multichoice"] * len(asked)
    for question, entry in zip(asked, read.findall("question")[1:], strict=True):
        assert entry.findtext("name/text") == question.name
        right = [answer.get("fraction") for answer in entry.findall("answer")]
        assert sorted(right)[:1] + sorted(right)[1:] == ["0"] * (len(right) - 1) + ["100"]
        assert all(answer.findtext("feedback/text") for answer in entry.findall("answer"))
        assert entry.findtext("questiontext/text").startswith("<p>")
        assert entry.findtext("idnumber") == f"fp-{question.name}"
        told = [entry.findtext("generalfeedback/text")]
        told += [answer.findtext("feedback/text") for answer in entry.findall("answer")]
        link = '(<a href="https://a.b/c.html">https://a.b/c.html</a>)'
        page = f"<p>The page: <em>A &amp; B</em> {link}</p>"
        assert all(text.endswith(page) for text in told)
        [because] = [answer.because for answer in question.answers if answer.right]
        assert questions.to_html(PLAIN(because)).removeprefix("<p>") in told[0]
    without = questions.moodle(asked, "A & B", PLAIN)
    assert "http" not in without
    assert without.count("The page: ") == len(read) - 1 + len(read.findall("question/answer"))


def test_names_of_concept_questions_are_unique():
    names = [question.name for name in CHAPTERS for question in questions.load(name)]
    assert len(set(names)) == len(names)


def test_a_page_opens_answers():
    answers = Answer("Two.", "So it is.", right=True), Answer("Three.", "No, see above.")
    asked = [Question("a-name", "How many?", answers)]
    assert questions.on_page(asked) == (
        "**1.** How many?\n\n````{dropdown} A. Two.\n\n**Right.** So it is.\n````\n\n"
        "````{dropdown} B. Three.\n\n**No.** No, see above.\n````"
    )
    assert questions.in_notebook(asked).count("<details><summary>") == 2


def test_every_part_with_exercises_has_a_project_and_a_question():
    written = projects.load()
    asked = [part.caption for part in parts() if set(part.chapters) & set(CHAPTERS)]
    for kind in ("projects", "questions"):
        assert {one["part"] for one in written[kind]} >= set(asked) - {"The record"}
    text = projects.on_page(written)
    assert text.count("**Project**") == text.count("with a seed.**") == len(written["projects"])


def test_binder_has_notebooks_that_show_what_pages_show(tmp_path):
    written = {path.stem: path for path in readers.write(tmp_path)}
    assert set(CHAPTERS) <= set(written)
    for path in written.values():
        notebook = nbformat.read(path, as_version=4)
        text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert not re.search(r"\{[a-z:-]+\}`|^`{3,}\{|^% note", text, re.M)
