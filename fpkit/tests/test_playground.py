"""The playground's Python side: parameters, HTML for the page, one module for the notebook."""

import json
import re
from pathlib import Path

import pytest
import traitlets

from fpkit import widgets
from fpkit.widgets.playground import playground

BOOK = Path(__file__).parents[2] / "book"


def data_of(page):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1])


def test_parameters_are_kept_and_reach_the_page():
    widget = playground.playground(width=16, activation="relu")
    assert widget.parameters == {"width": 16, "activation": "relu"}
    assert data_of(widget.to_html())["parameters"] == widget.parameters


def test_parameters_can_be_set_later():
    widget = playground.playground()
    widget.parameters = {"lr": 0.01}
    assert widget.parameters == {"lr": 0.01}


def test_an_unknown_parameter():
    with pytest.raises(ValueError, match="parameters: 'widht' is not known; did you mean 'width'"):
        playground.playground(widht=16)
    widget = playground.playground()
    with pytest.raises(ValueError, match="parameters: 'learning_rate' is not known"):
        widget.parameters = {"learning_rate": 0.1}


def test_a_small_one_names_its_settings():
    small = playground.playground(settings=["noise", "seed"], noise=0.5)
    assert small.data["settings"] == ["noise", "seed"]
    assert small.parameters == {"noise": 0.5}
    with pytest.raises(ValueError, match=r"settings: 'nois' is not known; did you mean 'noise'"):
        playground.playground(settings=["nois"])


def test_parameters_are_a_dict():
    with pytest.raises(traitlets.TraitError, match="parameters"):
        playground.Playground(parameters=[1])


def test_nothing_is_recorded_before_a_run():
    assert playground.playground().recorded == {}


def test_a_color_for_every_followed_peak():
    colors = data_of(playground.playground().to_html())["colors"]
    assert [len(row) for row in colors] == list(range(playground.MOST_PEAKS + 1))


def test_static_page_has_its_own_sentence(monkeypatch):
    monkeypatch.setenv("FPKIT_STATIC", "1")
    whole, small = (
        playground.playground(settings=settings)._repr_mimebundle_()["text/html"]
        for settings in (None, ["seed"])
    )
    for page in (whole, small):
        assert 'data-module="playground"' in page
        assert "a network is trained in the page" in page
    # There is one on the playground's page, but not in every chapter.
    assert "The figure below" in whole
    assert "figure" not in small


def test_examples_name_chapters():
    source = (widgets.FOLDER / "playground" / "parameters.js").read_text("utf-8")
    named = set(re.findall(r'^  "[^"]+ · ([^"]+)":', source, re.M))
    pages = [page.read_text("utf-8") for page in BOOK.glob("*/*.md")]
    titles = {re.search(r"^# (.+)$", page, re.M)[1] for page in pages}
    assert named
    assert named <= titles


@pytest.mark.parametrize("name", ["scrubber", "playground"])
def test_one_module_for_the_notebook(name):
    text = widgets.esm(name)
    sources = json.loads(re.search(r"^const sources = (.*);$", text, re.M)[1])
    paths = list(sources)
    assert paths[-1] == f"/{name}/{name}.js"
    for path, source in sources.items():
        file = widgets.FOLDER / path[1:]
        assert source == file.read_text(encoding="utf-8")
        for _, other in re.findall(widgets.NEIGHBOUR, source):
            needed = (file.parent / other).resolve().relative_to(widgets.FOLDER).as_posix()
            assert paths.index(f"/{needed}") < paths.index(path)


def test_the_playground_brings_its_worker():
    assert "/playground/worker.js" in widgets.esm("playground")
