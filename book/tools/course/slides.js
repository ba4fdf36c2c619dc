/** Starts the slides; MathJax, which is loaded later, reads its settings. */
{
  const page = /** @type {any} */ (window);
  page.MathJax = { tex: { inlineMath: [["\\(", "\\)"]] } };
  page.Reveal.initialize({
    hash: true, width: 1100, height: 760, center: false, plugins: [page.RevealNotes],
    /** @param {KeyboardEvent} event */
    keyboardCondition: ({ target }) => !(/** @type {Element} */ (target).closest(".fp-widget")), // its arrow keys are its own
  });
}
