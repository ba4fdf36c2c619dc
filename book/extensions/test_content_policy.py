"""The policy names the scripts of its page, and nothing else."""

from types import SimpleNamespace

import content_policy
import pytest
from content_policy import Scripts, with_policy, write_policies

# An example in the W3C's text of the standard.
SCRIPT = "alert('Hello, world.');"
HASH = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
PAGE = '<!doctype html><head><meta charset="utf-8" /><title>A page</title>{}</head>'


def test_a_script_is_named_by_its_hash():
    assert HASH in with_policy(PAGE.format(f"<script>{SCRIPT}</script>"))
    assert HASH in with_policy(PAGE.format(""), others=[f"<script>{SCRIPT}</script>"])
    assert HASH not in with_policy(PAGE.format(f"<script>{SCRIPT} </script>"))


@pytest.mark.parametrize("attributes", ["src='a.js'", "type='application/json'"])
def test_files_and_data_are_not_named(attributes):
    assert "sha256" not in with_policy(PAGE.format(f"<script {attributes}>{SCRIPT}</script>"))


def test_a_script_is_taken_as_it_stands():
    script = "if (1 < 2 && '</b>') { /* &amp; <!-- */ }"
    assert Scripts(f"<p>&amp;</p><script>{script}</script><p>text</p>").inline == [script]


def test_it_comes_first_but_for_the_character_set():
    head, _, rest = with_policy(PAGE.format("")).partition('<meta charset="utf-8" />')
    assert head == "<!doctype html><head>"
    assert rest.startswith('<meta http-equiv="Content-Security-Policy" content="default-src ')
    assert with_policy("<p>").startswith("<meta http-equiv=")


def test_a_policy_is_replaced():
    first = with_policy(PAGE.format(f"<script>{SCRIPT}</script>"))
    assert with_policy(first) == first
    assert with_policy(first.replace(SCRIPT, "")).count("Content-Security-Policy") == 1
    assert HASH not in with_policy(first.replace(SCRIPT, ""))


@pytest.fixture
def app(tmp_path):
    """Return the part of Sphinx that matters, with a page in its folder."""
    (tmp_path / "page.html").write_text(PAGE.format(f"<script>{SCRIPT}</script>"))
    return SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))


@pytest.mark.parametrize(
    ("button", "complaints"),
    [('onclick="window.print()"', 0), ('onclick="other()"', 1), ("", 0)],
)
def test_code_in_attributes_is_reported_every_time_unless_a_listener_does_it(
    app, caplog, button, complaints
):
    page = app.outdir / "page.html"
    page.write_text(PAGE.format("") + f"<button {button}>")
    write_policies(app, None)
    write_policies(app, None)
    assert len(caplog.records) == 2 * complaints
    assert ("Content-Security-Policy" in page.read_text()) is not bool(complaints)
    assert "window.print()" not in page.read_text()


def test_a_page_is_looked_at_again_only_if_it_or_the_policy_changed(app, monkeypatch):
    page = app.outdir / "page.html"
    write_policies(app, None)
    written = page.read_text()
    with monkeypatch.context() as patch:
        patch.setattr(content_policy, "Scripts", None)
        write_policies(app, None)
    page.write_text(written.replace("img-src 'self' data:", "img-src *"))
    write_policies(app, None)
    assert page.read_text() == written
    assert HASH in written
