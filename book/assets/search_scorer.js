/**
 * How the search page orders what it finds, and what it shows of it.
 *
 * Sphinx puts this in front of its own search.  Terms of the glossary come first, with their
 * definitions; then pages that are named after the words; the reference of the library after them.
 */
var Scorer = {
  /** @param {[string, string, string, string | null, number, string]} result */
  score: ([page, title, , , score]) => {
    const words = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase().trim();
    const name = page.split("/").at(-1) ?? "";
    if (name === "api") return score - 12;
    const named = title.toLowerCase().includes(words) || name.replaceAll("_", " ").includes(words);
    const later = ["bibliography", "conventions", "performance", "making", "protocol", "genindex"].includes(name);
    return score + (named ? 10 : 0) - (later ? 3 : 0);
  },
  // The rest as Sphinx has it.
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

{
  const GREEK = {
    alpha: "α", beta: "β", gamma: "γ", Delta: "Δ", delta: "δ", eta: "η", theta: "θ", kappa: "κ", lambda: "λ", xi: "ξ",
    pi: "π", rho: "ρ", sigma: "σ", chi: "χ", omega: "ω", varphi: "φ", varepsilon: "ε",
  };
  const SIGNS = {
    ...GREEK, times: "×", cdot: "·", le: "≤", leq: "≤", ge: "≥", geq: "≥", approx: "≈", sum: "Σ", int: "∫", infty: "∞",
    lvert: "|", rvert: "|", lVert: "‖", rVert: "‖", langle: "⟨", rangle: "⟩", to: "→", in: "∈", ll: "≪", gg: "≫", pm: "±",
    sqrt: "√", partial: "∂", nabla: "∇", dots: "…", ldots: "…", quad: " ", qquad: " ",
  };
  const symbols = new Map(Object.entries(SIGNS));

  /** A formula as words and signs: \frac12\lvert D\rvert^2 is 1/2|D|².  @param {string} tex */
  const plain = (tex) => tex
    .replace(/\\[()[\]]|\$/g, "")
    .replace(/\\[dt]?frac\s*(?:\{([^{}]*)\}|(\w))\s*(?:\{([^{}]*)\}|(\w))/g, (_, a, b, c, d) => `${a ?? b}/${c ?? d}`)
    .replace(/\\(?:text|mathrm|mathbb|operatorname)\s*\{([^{}]*)\}/g, "$1")
    .replace(/\^\{?2\}?/g, "²")
    .replace(/\\([A-Za-z]+)\s?/g, (_, name) => symbols.get(name) ?? (/^(sin|cos|tanh|exp|ln|log|min|max)$/.test(name) ? name : ""))
    .replace(/\\[,;!: ]/g, " ")
    .replace(/[{}]/g, "");

  // What no reader looks for: listings, buttons, the contents at the side.
  const LEFT_OUT = ".headerlink, script, style, .cell_input, div.highlight, nav, details.hide > summary";

  /** The words of a page, or of the part that a result is about.
   * @param {string} html @param {string} anchor */
  const words = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const formula of page.querySelectorAll(".math")) formula.textContent = plain(formula.textContent ?? "");
    for (const element of page.querySelectorAll(LEFT_OUT)) element.remove();
    const body = page.querySelector("article") ?? page.body;
    const place = anchor ? body.querySelector(`#${CSS.escape(anchor.slice(1))}`) : null;
    if (!place) return body.textContent ?? "";
    // A term stands above what it means.
    let meaning = place;
    while (meaning.tagName === "DT" && meaning.nextElementSibling) meaning = meaning.nextElementSibling;
    return meaning.textContent ?? "";
  };

  addEventListener("DOMContentLoaded", () => {
    // @ts-expect-error Sphinx's own script, which comes after this one.
    Search.htmlToText = words;
  });
}
