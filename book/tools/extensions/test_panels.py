"""The windows of a figure show all of it, each panel alone, and shared scales beside each."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from book.tools.extensions.panels import GROWN, NARROW, PIXELS, SMALLEST, html, panels


def svg(columns, rows=1, share=False, size=(8, 3), images=False, text=10):
    """Return a figure as Matplotlib writes it."""
    with plt.rc_context({"font.size": text, "axes.titlesize": text, "svg.fonttype": "path"}):
        figure, axes = plt.subplots(
            rows, columns, figsize=size, sharey=share, layout="constrained", squeeze=False
        )
        for ax in axes.flat:
            if images:
                ax.imshow(np.eye(3))
                ax.set_axis_off()
            else:
                ax.plot([0, 1], [0, 2])
                ax.set(xlabel="x", title="a title")
        axes[0, 0].set_ylabel("height")
        file = io.StringIO()
        figure.savefig(file, format="svg")
        plt.close(figure)
    return file.getvalue()


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (3, 1), (1, 2), (2, 2)])
def test_every_panel_has_a_window(columns, rows):
    whole, text, found = panels(svg(columns, rows))
    assert len(found) == columns * rows
    assert text == pytest.approx(10)
    for panel in found:
        assert panel.scale is None
        assert whole.left <= panel.box.left < panel.box.right <= whole.right
        assert whole.top <= panel.box.top < panel.box.bottom <= whole.bottom
    boxes = [panel.box for panel in found]
    assert sum(box.right - box.left for box in boxes) > 0.8 * whole.right * rows
    assert not any(a.cut(b).right > a.cut(b).left + 6 for a in boxes[:1] for b in boxes[1:columns])


def test_a_shared_scale_is_shown_beside_each_panel():
    _, _, (first, *rest) = panels(svg(3, share=True))
    assert first.scale is None
    for panel in rest:
        assert panel.scale is not None
        assert (panel.scale.top, panel.scale.bottom) == (panel.box.top, panel.box.bottom)
        assert panel.scale.left == pytest.approx(first.box.left, abs=1)


def test_panels_with_scales_of_their_own_get_no_other():
    assert [panel.scale for panel in panels(svg(3))[2]] == [None] * 3


def test_pictures_have_no_scale():
    assert [panel.scale for panel in panels(svg(3, images=True))[2]] == [None] * 3


def test_windows_are_as_wide_as_their_text_needs():
    page = html("a.svg", "Two curves.", svg(1, size=(8, 3)))
    least, most = map(int, re.search(r"clamp\((\d+)px, 100%, (\d+)px\)", page).groups())
    assert least == pytest.approx(most / GROWN * SMALLEST / (10 * PIXELS), abs=1)
    assert least > NARROW
    assert "tabindex" in page  # it is wider than the page, and scrolls
    assert "tabindex" not in html("a.svg", "", svg(3, size=(8, 3)))


def test_a_small_figure_stays_as_it_is():
    assert html("a.svg", "Two curves.", svg(1, size=(3.5, 3))) == ""


@pytest.mark.parametrize("columns", [1, 3])
def test_a_figure_that_is_a_little_too_wide_shrinks_in_one_piece(columns):
    """Its text then has ten pixels or more; a wider one is shown panel by panel."""
    page = NARROW / SMALLEST * 10 / 72  # inches at which text of ten points has ten pixels
    assert html("a.svg", "Curves.", svg(columns, size=(0.99 * page, 3))) == ""
    assert (
        html("a.svg", "Curves.", svg(columns, size=(1.01 * page, 3))).count('fp-window"') == columns
    )


def test_panels_share_a_row_if_they_fit():
    """Three columns of pictures stand side by side; two wide panels stand below one another."""
    shares = re.findall(r"px, ([\d.]+)%", html("a.svg", "", svg(6, images=True, size=(9, 1.5))))
    assert len(shares) == 6
    assert [float(share) for share in shares] == pytest.approx([100 / 3] * 6, abs=0.1)
    assert re.findall(r"px, ([\d.]+)%", html("a.svg", "", svg(2, size=(8, 3)))) == ["100", "100"]


def test_a_mark_is_shown_whole():
    """Discs in the corners of a panel without axes are not cut by its window."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 3))
    for ax in axes:
        ax.scatter([0, 1], [0, 1], s=20**2, clip_on=False)  # 20 points across
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.axis("off")
    file = io.StringIO()
    figure.savefig(file, format="svg")
    areas = [ax.get_window_extent() for ax in axes]
    plt.close(figure)
    _, _, found = panels(file.getvalue())
    for panel, area in zip(found, areas, strict=True):
        wide, high = (size * 72 / figure.dpi for size in (area.width, area.height))
        assert wide + 20 < panel.box.right - panel.box.left < wide + 30
        assert high + 20 < panel.box.bottom - panel.box.top < high + 30


def test_words_are_escaped_and_number_the_panels():
    page = html("a.svg", 'a "b" & c.', svg(2))
    assert "a &quot;b&quot; &amp; c. Panel 2 of 2." in page
