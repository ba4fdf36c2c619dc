/** Starts the slides; MathJax, which is loaded later, reads its settings. */
{
  const page = /** @type {any} */ (window);
  page.MathJax = { tex: { inlineMath: [["\\(", "\\)"]] } };
  page.Reveal.initialize({
    hash: true, width: 1280, height: 720, margin: 0, center: false, slideNumber: "c/t",
    pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, plugins: [page.RevealNotes],
  });

  const [HIGH, WIDE, LARGEST] = [720, 1200, 1.5]; // a slide, and how much larger a widget is on it
  /** What the other parts of a slide leave to a frame. @param {HTMLElement} shown */
  const room = (shown) => HIGH - (/** @type {HTMLElement} */ (shown.parentElement).offsetHeight - shown.offsetHeight);

  /** A frame is as high as its widget, and so large that the slide has room for it.
   * @param {HTMLIFrameElement} frame */
  const fit = (frame) => {
    const shown = /** @type {HTMLElement} */ (frame.parentElement);
    const { body } = /** @type {Document} */ (frame.contentDocument);
    const watch = () => {
      const high = body.scrollHeight;
      if (!high) return; // not displayed
      const scale = Math.min(LARGEST, room(shown) / high);
      frame.style.height = `${high}px`;
      frame.style.transform = `scale(${scale})`;
      frame.style.marginLeft = `${(WIDE - scale * frame.offsetWidth) / 2}px`;
      shown.style.height = `${Math.floor(scale * high)}px`;
    };
    const observer = new ResizeObserver(watch);
    observer.observe(body);
    observer.observe(/** @type {Element} */ (shown.parentElement)); // its words, once they are set
    watch();
  };
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentDocument?.readyState === "complete") fit(frame);
    frame.addEventListener("load", () => fit(frame));
  }
}
