/**
 * What the theme's buttons for paper and for the full screen do.  The theme says
 * it in their attributes, where the page's policy allows no code.
 */
{
  const presses = {
    ".btn-download-pdf-button": () => print(),
    ".btn-fullscreen-button": () => /** @type {any} */ (window).toggleFullScreen(), // the theme's
  };
  addEventListener("click", ({ target }) => {
    for (const [button, press] of Object.entries(presses)) {
      if (target instanceof Element && target.closest(button)) press();
    }
  });
}
