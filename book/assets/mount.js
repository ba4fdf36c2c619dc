/**
 * Brings the book's controls to life on a page that has no kernel.
 *
 * Every `.fp-widget` holds its data as JSON and a fallback paragraph, and names
 * the module that draws it.  The fallback stays until the drawing stands.
 */
{
  /** What a module expects of a notebook's model, kept on the page. */
  const standInModel = (traits) => {
    const events = new EventTarget();
    return {
      get: (name) => traits[name],
      set: (name, value) => {
        traits[name] = value;
        events.dispatchEvent(new Event(`change:${name}`));
      },
      save_changes: () => {},
      on: (event, callback) => events.addEventListener(event, callback),
      off: (event, callback) => events.removeEventListener(event, callback),
    };
  };

  const mount = async (widget) => {
    const fallback = widget.querySelector(".fp-fallback");
    const el = document.createElement("div");
    try {
      const data = JSON.parse(widget.querySelector('script[type="application/json"]').textContent);
      const { default: { render } } = await import(`./${widget.dataset.module}.js`);
      widget.append(el);
      await render({ model: standInModel({ data }), el });
      fallback?.remove();
    } catch (error) {
      el.remove();
      (fallback ?? widget).append(` The interactive figure could not be shown: ${error.message}`);
    }
  };

  const mountAll = () => document.querySelectorAll(".fp-widget").forEach(mount);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
}
