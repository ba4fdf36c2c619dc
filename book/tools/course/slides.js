/** Starts the slides; MathJax, which is loaded later, reads its settings. */
{
  const page = /** @type {any} */ (window);
  page.MathJax = { tex: { inlineMath: [["\\(", "\\)"]] } };
  page.Reveal.initialize({
    hash: true, width: 1280, height: 720, margin: 0, center: false, slideNumber: "c/t",
    pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, plugins: [page.RevealNotes],
  });

  const SCALE = 1.5; // as in slides.css
  /** A frame is as high as its widget, and takes so much room on the slide.
   * @param {HTMLIFrameElement} frame */
  const fit = (frame) => {
    const { body } = /** @type {Document} */ (frame.contentDocument);
    const watch = () => {
      frame.style.height = `${body.scrollHeight}px`;
      frame.style.marginBottom = `${(SCALE - 1) * body.scrollHeight}px`;
    };
    new ResizeObserver(watch).observe(body);
    watch();
  };
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentDocument?.readyState === "complete") fit(frame);
    frame.addEventListener("load", () => fit(frame));
  }
}
