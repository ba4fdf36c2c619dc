/** The theme, where the book differs from what its theme's own script does later. */
{
  const page = document.documentElement;

  // "auto" becomes light or dark before the first paint, so that no page is styled twice.
  if (page.dataset.mode === "auto") {
    page.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  // On paper every page is light, whatever the reader's theme.
  let theme = page.dataset.theme;
  addEventListener("beforeprint", () => {
    theme = page.dataset.theme;
    page.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    page.dataset.theme = theme;
  });
}
