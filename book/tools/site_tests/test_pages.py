"""Every page in Chromium: alone, in order, for everybody, wide and narrow, and not heavy."""

import pytest

from book.tools.site_tests.conftest import HTML, PAGES, on_pages, pages_with, problems, until

READ = [page for page in PAGES if page != "index.html"]  # that one only leads to the first page
# One of each kind: these are held against all rules, in every theme and width.
KINDS = {
    "front page": "book/intro/intro.html",
    "chapter": "book/one_dimension/one_dimension.html",
    "list": "book/verdicts/verdicts.html",
    "map": "book/map/map.html",
    "playground": "book/playground/playground.html",
    "reference": "book/api/api.html",
    "index": "genindex.html",
}
MAXIMUM_WEIGHT = 800_000  # bytes, compressed
WITHOUT_WIDGET = (
    "api", "bibliography", "conventions", "glossary", "how_firm", "making", "map", "no_detail",
    "performance", "protocol", "sceptic", "since", "summary", "teaching", "verdicts", "what_helps",
)  # fmt: skip
# Errors, unknown commands (shown in red), and what was not taken for a formula at all.
WRONG_MATHS = "mjx-lazy, mjx-merror, mjx-mtext[style*='color: red'], .math:not(:has(mjx-container))"
ONLY_COLOURS = {"runOnly": "color-contrast"}


@on_pages(READ)
def test_it_is_not_heavy(visited):
    assert 0 < visited.weight < MAXIMUM_WEIGHT


@on_pages(READ)
def test_formulas_are_set(visited):
    assert visited.page.locator(WRONG_MATHS).count() == 0


@on_pages(READ)
def test_every_caption_is_under_a_picture(visited):
    """MyST-NB sets it under a cell's words as well, once more, if the cell shows both."""
    assert visited.page.locator("figure:has(> figcaption):not(:has(img, svg, canvas))").count() == 0


@on_pages(READ)
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits(visited, width):
    page = visited.dress("light", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@on_pages(READ)
@pytest.mark.parametrize(("theme", "rules"), [("light", {}), ("dark", ONLY_COLOURS)])
def test_it_is_accessible(visited, theme, rules):
    assert problems(visited.dress(theme, 1280), **rules) == []


@on_pages(KINDS.values())
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_of_its_kind_is_accessible(visited, theme, width):
    assert problems(visited.dress(theme, width)) == []


def test_what_is_not_accessible_is_seen(visit):
    page = visit("book/verdicts/verdicts.html").page
    page.evaluate(
        """() => {
          const [first, second] = document.querySelectorAll("main p");
          first.style.color = "#999";
          second.append(document.createElement("button"));
        }"""
    )
    assert {rule for rule, _ in problems(page)} == {"color-contrast", "button-name"}


def test_paper_is_light_whatever_the_theme(visit):
    page = visit("book/one_dimension/one_dimension.html", theme="dark").page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert problems(page, **ONLY_COLOURS) == []
    for hidden in (".copybtn", "details.hide:not([open])", ".fp-playground button"):
        assert not page.locator(hidden).first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_every_chapter_has_a_widget():
    chapters = {page for page in PAGES if page.startswith("book/")}
    without = chapters.difference(pages_with('class="fp-widget"'))
    assert without == {f"book/{name}/{name}.html" for name in WITHOUT_WIDGET}


def test_front_door(visit, address):
    page = visit().page
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/book/intro/intro.html")


def test_a_folder_without_a_server_can_be_read(visit):
    """Opened as a file: text and figures, and a sentence where a widget would need a server."""
    page = visit().page
    page.goto((HTML / "book" / "one_dimension" / "one_dimension.html").as_uri())
    assert "needs a browser with JavaScript" in page.locator(".fp-fallback").first.inner_text()
    pictures = page.locator(".cell_output img")
    assert pictures.count() > 3
    assert pictures.evaluate_all("all => all.every((picture) => picture.naturalWidth > 0)")


@on_pages(["search.html?q=leakage"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_search_finds_a_word_here(visited, theme, width):
    page = visited.dress(theme, width)
    page.locator("#search-results li a").first.wait_for()
    assert problems(page) == []


@on_pages([KINDS["chapter"]])
def test_a_shared_link_has_a_picture(visited):
    content = visited.page.locator("meta[property='og:image']").get_attribute("content")
    assert content.startswith("https://")
    assert content.endswith("/_static/card.png")
    assert (HTML / "_static" / "card.png").is_file()


def test_theme_button(visit):
    page = visit("book/intro/intro.html", theme="dark").page
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".theme-switch-button:visible").first.click()
    assert page.locator("html").get_attribute("data-theme") == "light"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_first_visit_is_in_the_theme_of_the_system_at_once(visit, address, theme):
    """Before the theme's own script has run, which would style the whole page again."""
    page = visit(theme=None, color_scheme=theme).page
    page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    page.goto(f"{address}/book/intro/intro.html")
    assert page.locator("html").get_attribute("data-theme") == theme


@on_pages([KINDS["chapter"]])
def test_icons_are_drawn(visited):
    """Each visible icon has a glyph in the fonts that the build left."""
    page = visited.page
    blank = page.evaluate(
        """() => {
          const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
          const ink = (text, font) => {
            pen.clearRect(0, 0, 300, 150);
            pen.font = font;
            pen.fillText(text, 50, 100);
            return pen.getImageData(0, 0, 300, 150).data.join();
          };
          const icons = [...document.querySelectorAll("i[class*=fa-], span[class*=fa-]")];
          return icons.filter((icon) => {
            const style = getComputedStyle(icon, "::before");
            const font = `${style.fontWeight} 40px ${style.fontFamily}`;
            if (!style.content.startsWith('"')) return true;
            const glyph = style.content.replaceAll('"', "");
            return ink(glyph, font) === ink("\\ue0ff", font);  // a character of no icon
          }).map((icon) => icon.className);
        }"""
    )
    assert page.locator("i[class*=fa-]").count() > 5
    assert blank == []


def test_buttons_of_the_theme_work(visit):
    page = visit("book/intro/intro.html").page
    page.evaluate("window.print = () => { window.printed = true }")
    page.locator(".dropdown-download-buttons > button").click()
    page.locator(".btn-download-pdf-button").click()
    assert page.evaluate("window.printed")
    for full in (True, False):
        page.locator(".btn-fullscreen-button").click()
        until(page, "full => Boolean(document.fullscreenElement) === full", arg=full)
