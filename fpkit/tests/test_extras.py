"""The core works alone, and what needs more says which extra brings it.

Python itself refuses a package whose place in ``sys.modules`` holds None, as if it were missing.
"""

import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
# Packages that are imported under a name of their own, or that come with one of the extras.
IMPORTED = {
    "scikit-image": ["skimage"],
    "scikit-learn": ["sklearn"],
    "ipywidgets": ["ipywidgets", "IPython"],
}


def packages(extra):
    """Return the names under which the packages of an extra are imported."""
    found = []
    for wanted in PROJECT["optional-dependencies"][extra]:
        name = wanted.partition(">=")[0]
        if not name.startswith("fpkit["):
            found += IMPORTED.get(name, [name])
    return found


def run(code, missing):
    """Run code in a new process in which some packages are missing."""
    start = f"import sys\nfor name in {missing}: sys.modules[name] = None\n"
    return subprocess.run(
        [sys.executable, "-c", start + textwrap.dedent(code)], capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_core_trains_measures_and_judges():
    code = """
    import numpy as np
    import fpkit as fp
    from fpkit import filtering, losses, reproduce, sweep, theory

    x, y = fp.targets.staircase(n=32)
    nets = fp.MLP([1, 20, 20, 1], seeds=range(3))
    run = fp.train(nets, x, y, steps=40, lr=1e-3, record_every=4)
    peaks = fp.spectra.peaks(fp.spectra.dft(y), 3)
    target, output = fp.spectra.dft(y)[peaks], fp.spectra.dft(run.outputs)[..., peaks]
    uneven = fp.spectra.nudft(y, x, np.arange(5), length=2)
    error = fp.spectra.relative_error(output, target)
    learned = fp.convergence_step(run.steps, error)
    print(learned.shape, fp.rank_correlation(learned).shape, fp.in_order(learned).shape)
    """
    missing = [name for extra in PROJECT["optional-dependencies"] for name in packages(extra)]
    assert {"matplotlib", "anywidget", "sklearn", "skimage", "pooch", "IPython"} <= set(missing)
    done = run(code, missing)
    assert done.stdout == "(3, 3) (3,) (3,)\n", done.stderr


def test_help_shows_what_is_installed():
    code = """
    import pydoc
    import fpkit
    text = pydoc.plain(pydoc.render_doc(fpkit))
    print("diagnose" in text, {"plots", "widgets", "live"} & {*dir(fpkit)})
    """
    done = run(code, packages("plots") + packages("widgets"))
    assert done.stdout == "True set()\n", done.stderr


def test_who_lacks_all_extras_is_told_the_one_that_has_widgets():
    said = run("import fpkit\nfpkit.widgets", packages("plots") + packages("widgets")).stderr
    assert said.splitlines()[-1].endswith('comes with: pip install "fpkit[widgets]"')


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("plots", "from fpkit import plots"),
        ("plots", "import fpkit\nfpkit.plots.use_style()"),
        ("widgets", "from fpkit import widgets"),
        ("widgets", "import fpkit\nfpkit.live('staircase')"),
    ],
)
def test_what_needs_more_says_which_extra_brings_it(extra, code):
    said = run(code, packages(extra)).stderr.splitlines()[-1]
    assert said.startswith("ImportError: ")
    assert said.endswith(f' is not installed; it comes with: pip install "fpkit[{extra}]"')
