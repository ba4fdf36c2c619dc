"""What the page gets: packed arrays, JSON inside HTML, and a scrubber's data."""

import html
import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import book.widgets
from fpkit import widgets
from fpkit.tests import decode, hand_made

VALUES = arrays(np.float64, array_shapes(max_side=5), elements=st.floats(-1e6, 1e6))


@given(VALUES)
def test_float32_comes_back_as_it_was(values):
    packed = json.loads(json.dumps(widgets.encode(values)))
    assert np.array_equal(decode(packed), values.astype(np.float32))


@given(VALUES)
def test_int16_comes_back_to_half_a_step(values):
    packed = json.loads(json.dumps(widgets.encode(values, bits=16)))
    assert packed["dtype"] == "int16"
    step = np.ptp(values) / 65_534
    assert np.abs(decode(packed) - values).max() <= step * 0.51 + 1e-9


def test_int16_takes_half_the_space():
    sizes = [len(widgets.encode(np.arange(300), bits)["data"]) for bits in (32, 16)]
    assert sizes == [1600, 800]


def test_a_constant_can_be_packed():
    assert decode(widgets.encode([5.0, 5.0], bits=16)).tolist() == [5, 5]


# --- a control -------------------------------------------------------------------------------


@pytest.fixture
def static(monkeypatch):
    """Set what the build of the book sets."""
    monkeypatch.setenv("FPKIT_STATIC", "1")


def page_of(control):
    return control._repr_mimebundle_()["text/html"]


def data_of(page):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1])


@pytest.mark.parametrize("bits", [16, 32])
@pytest.mark.parametrize(
    ("values", "message"),
    [([1, np.nan], "values: expected finite numbers, got nan at index"),
     ([], "values: expected at least one value")],
)  # fmt: skip
def test_what_cannot_be_packed(values, message, bits):
    with pytest.raises(ValueError, match=message):
        widgets.encode(values, bits)


def test_static_control_is_html_with_its_data(static):
    control = widgets.scrubber(hand_made())
    page = page_of(control)
    assert 'class="fp-widget" data-module="scrubber"' in page
    assert data_of(page) == json.loads(json.dumps(control.data))


def test_a_page_begins_where_it_is_told(static):
    control = widgets.scrubber(hand_made(), labels=["a", "b"], parameter="start")
    assert control.data["parameter"] == "start"
    assert "data-member" not in page_of(control)
    control.member, control.frame = 1, 2
    assert 'data-module="scrubber" data-frame="2" data-member="1">' in page_of(control)


def test_static_control_has_a_sentence_for_readers_without_javascript(static):
    assert '<p class="fp-fallback">' in page_of(widgets.scrubber(hand_made()))


def test_a_label_cannot_end_the_script(static):
    label = 'a</script><script>alert("x")</script>'
    page = page_of(widgets.scrubber(hand_made(), labels=[label, "b"]))
    assert page.count("</script>") == 1
    assert data_of(page)["members"] == [label, "b"]


@pytest.mark.parametrize("label", ["<!--<script>", "<!-- ", "a < b", r"\u003c", "]]>&lt;"])
def test_no_label_opens_anything_on_the_page(label):
    page = widgets.scrubber(hand_made(), labels=[label, "b"]).to_html()
    inside = re.search(r'<script type="application/json">(.*)</script>', page, re.S)[1]
    assert "<" not in inside
    assert json.loads(inside)["members"] == [label, "b"]


def test_a_module_name_is_escaped(static):
    control = widgets.Scrubber(data={})
    control.module = 'a"b'
    assert f'data-module="{html.escape(control.module)}"' in page_of(control)


def test_live_control_is_a_widget(monkeypatch):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    bundle = widgets.scrubber(hand_made())._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "text/html" not in bundle


CONTROLS = [
    widgets.Curves,
    book.widgets.Grip,
    book.widgets.Images,
    book.widgets.Lines,
    book.widgets.Splines,
    book.widgets.TwoStarts,
    widgets.Scrubber,
]
TRAINING = [book.widgets.Bet, widgets.Playground]  # in the browser, with the playground's styles


@pytest.mark.parametrize("control", [*CONTROLS, *TRAINING])
def test_a_notebook_is_handed_module_and_styles(monkeypatch, control):
    monkeypatch.delenv("FPKIT_STATIC", raising=False)
    state = control().get_state()
    folder = Path(inspect.getfile(control)).parents[1]
    assert state["_esm"] == widgets.esm(control.module, folder)
    assert ".fp-controls" in state["_css"]
    assert (".fp-settings" in state["_css"]) is (control in TRAINING)


@pytest.mark.parametrize("control", [*CONTROLS, *TRAINING])
@pytest.mark.usefixtures("static")
def test_a_page_needs_neither_to_be_read(monkeypatch, control):
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("read"))
    state = control().get_state()
    assert (state["_esm"], state["_css"]) == ("", "")


# --- the scrubber ----------------------------------------------------------------------------


def test_scrubber_data_are_those_of_the_result():
    result = hand_made()
    data = widgets.scrubber(result, modes=4, threshold=0.2).data
    assert data["members"] == ["seed 3", "seed 5"]
    assert data["peaks"] == [1, 2, 3]
    assert data["frames"] == [0, 40]
    assert data["steps"] == [0, 10, 20, 30, 40]
    assert (data["modes"], data["threshold"]) == (4, 0.2)
    for key, expected in (
        ("x", result.x), ("t", result.phase), ("targets", result.y),
        ("errors", result.errors), ("losses", result.losses),
    ):  # fmt: skip
        np.testing.assert_allclose(decode(data[key]), expected, rtol=1e-6, atol=1e-7, err_msg=key)
    np.testing.assert_allclose(decode(data["outputs"]), result.outputs, atol=2 / 65_534)


def test_scrubber_shows_no_mode_that_the_points_cannot_hold():
    assert widgets.scrubber(hand_made(), modes=41).data["modes"] == 4


def test_scrubber_of_the_first_members():
    y = np.ones((2, 8)) * [[1], [2]]
    data = widgets.scrubber(hand_made(y=y), members=1).data
    assert data["members"] == ["seed 3"]
    assert [data[key]["shape"] for key in ("targets", "outputs", "errors", "losses")] == [
        [1, 8], [1, 2, 8], [1, 5, 3], [1, 5],
    ]  # fmt: skip


def long_run(records=1001, **changes):
    parts = {
        "steps": np.arange(records),
        "losses": np.ones((2, records)),
        "errors": np.ones((2, records, 3)),
    }
    return hand_made(**{**parts, **changes})


def test_scrubber_thins_the_curves_but_keeps_both_ends():
    data = widgets.scrubber(long_run(frames=np.array([0, 1000])), records=50).data
    gaps = np.diff(data["steps"])
    assert (data["steps"][0], data["steps"][-1]) == (0, 1000)
    assert 40 <= len(data["steps"]) <= 50
    assert gaps[0] < gaps[-1] / 4  # denser early
    assert data["errors"]["shape"] == [2, len(data["steps"]), 3]


def test_scrubber_keeps_the_records_of_all_frames():
    frames = np.arange(3, 1000, 7)
    result = long_run(frames=frames, outputs=np.zeros((2, len(frames), 8), np.float16))
    steps = widgets.scrubber(result, records=20).data["steps"]
    assert set(frames.tolist()) <= set(steps)
    assert steps == sorted(set(steps))


def test_scrubber_keeps_the_records_at_which_peaks_are_learned():
    errors = np.ones((2, 1001, 3))
    errors[0, 77:, 0] = errors[1, 503:, 2] = 0.01  # the others are never learned
    steps = widgets.scrubber(long_run(errors=errors), records=20).data["steps"]
    assert {77, 503} <= set(steps)
    assert len(steps) <= 20 + 3


@pytest.mark.parametrize("modes", [2, 3])
def test_scrubber_needs_modes_above_the_highest_peak(modes):
    message = rf"modes: expected more than the highest peak \(3\), got {modes}"
    with pytest.raises(ValueError, match=message):
        widgets.scrubber(hand_made(), modes=modes)


def test_scrubber_needs_outputs_at_the_training_points():
    with pytest.raises(ValueError, match="result: a scrubber needs outputs recorded at the train"):
        widgets.scrubber(hand_made(eval_x=np.arange(8) / 4))


def test_scrubber_needs_a_label_for_every_member():
    with pytest.raises(ValueError, match=r"labels: expected one per member shown \(2\), got 1"):
        widgets.scrubber(hand_made(), labels=["only"])


# --- curves ----------------------------------------------------------------------------------

VALUES_OF_CURVES = np.arange(24.0).reshape(2, 3, 4)


def curves(values=VALUES_OF_CURVES, **changes):
    about = {"names": ["a", "b", "c"], "parameter": "δ", "settings": [3.0, 7], "y_label": "error"}
    return widgets.curves([0, 1, 2, 4], values, **{**about, **changes})


def test_curves_are_packed_for_the_page(static):
    control = curves(references=np.ones((2, 3)), notes=["few", "many"])
    assert 'class="fp-widget" data-module="curves"' in page_of(control)
    data = data_of(page_of(control))
    assert np.array_equal(decode(data["values"]), VALUES_OF_CURVES)
    assert np.array_equal(decode(data["references"]), np.ones((2, 3)))
    assert data["settings"] == ["3.0", "7"]
    assert (data["steps"], data["notes"]) == ([0, 1, 2, 4], ["few", "many"])
    assert len(set(data["colors"])) == 3


def test_curves_without_references_and_notes():
    data = curves().data
    assert data["references"] is None
    assert data["notes"] == ["", ""]


def test_curves_on_a_logarithmic_axis():
    assert curves().data["log"] is None
    assert curves(log=(0.1, 10)).data["log"] == [0.1, 10]


def test_curves_in_percent():
    assert [curves(percent=yes).data["percent"] for yes in (False, True)] == [False, True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": np.ones((2, 3, 5))}, "values: expected one curve for each of 2 settings and 3"),
        ({"names": ["a"]}, "values: expected one curve for each of 2 settings and 1 names, with 4"),
        ({"values": np.full((2, 3, 4), np.nan)}, "values: expected finite numbers"),
        ({"references": np.ones((3, 2))}, r"references: expected shape \(2, 3\), got \(3, 2\)"),
        ({"colors": ["red"]}, r"colors: expected one per name \(3\), got 1"),
        ({"notes": ["one"]}, r"notes: expected one per setting \(2\), got 1"),
        ({"log": (0, 1)}, r"log: expected two positive numbers, the lower one first, got \(0, 1\)"),
        ({"log": (2, 1)}, "log: expected two positive numbers"),
    ],
)
def test_wrong_curves(changes, message):
    with pytest.raises(ValueError, match=message):
        curves(**changes)
