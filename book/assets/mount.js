/**
 * Brings the book's widgets to life on a page that has no kernel.
 *
 * Every `.fp-widget` holds its data as JSON and a fallback paragraph, and names
 * the module that draws it.  The fallback stays until the drawing stands.
 *
 * @typedef {import("../../fpkit/widgets/shared/rebuilding.js").Model<Record<string, unknown>>} Model
 * @typedef {{default: {render(host: {model: Model, el: HTMLElement}): unknown}}} Control
 */
{
  /** What a module expects of a notebook's model, kept on the page.
   * @param {Record<string, unknown>} traits @returns {Model} */
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

  /** @param {HTMLElement} widget */
  const mount = async (widget) => {
    const fallback = widget.querySelector(".fp-fallback");
    const el = document.createElement("div");
    try {
      const json = /** @type {Element} */ (widget.querySelector('script[type="application/json"]')).textContent;
      const data = JSON.parse(json ?? "");
      const { module: name, frame = 0, member = 0 } = widget.dataset;
      /** @type {Control} */
      const { default: { render } } = await import(`./${name}/${name}.js`);
      widget.append(el);
      await render({ model: standInModel({ data, frame: Number(frame), member: Number(member) }), el });
      fallback?.remove();
    } catch (error) {
      el.remove();
      const { message } = /** @type {Error} */ (error);
      (fallback ?? widget).append(` The interactive figure could not be shown: ${message}`);
    }
  };

  /** @type {() => NodeListOf<HTMLElement>} */
  const widgets = () => document.querySelectorAll(".fp-widget");
  /** One after the other, so that the page can answer in between. */
  const mountAll = async () => {
    for (const widget of widgets()) {
      await mount(widget);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
  const list = /** @type {HTMLElement | null} */ (document.querySelector(".fp-filter"));
  if (list) import("./filter.js").then(({ addMenus }) => addMenus(list));
}
