/**
 * What widgets share in dealing with their model: a notebook's, or the stand-in
 * that `mount.js` makes for a page without a kernel.
 *
 * @template {object} Traits  what it keeps, by name
 * @typedef {{
 *   get<Name extends keyof Traits>(name: Name): Traits[Name],
 *   set<Name extends keyof Traits>(name: Name, value: Traits[Name]): void,
 *   save_changes(): void,
 *   on(event: `change:${string & keyof Traits}`, callback: () => void): void,
 *   off(event: `change:${string & keyof Traits}`, callback: () => void): void,
 * }} Model
 */

/**
 * What a widget with two places keeps.  On a page nobody has set these at first.
 *
 * @template Data
 * @typedef {{data: Data, frame?: number, member?: number}} Places
 */

/**
 * A widget that is built anew whenever its data change.
 *
 * @template {{data: unknown}} Traits
 * @param {(model: Model<Traits>, el: HTMLElement) => () => void} build
 *   draws the widget for the model's present data and returns its removal
 */
export const rebuilding = (build) => ({
  /** @param {{model: Model<Traits>, el: HTMLElement}} host @returns {() => void} */
  render({ model, el }) {
    let remove = build(model, el);
    const rebuild = () => {
      remove();
      remove = build(model, el);
    };
    model.on("change:data", rebuild);
    return () => {
      model.off("change:data", rebuild);
      remove();
    };
  },
});

/**
 * Show a widget, and let it follow its model and its place on the page.
 *
 * @param {Model<Places<unknown>>} model
 * @param {HTMLElement} el @param {HTMLElement} root  the widget, that goes into `el`
 * @param {Element} place  its part whose width counts
 * @param {{move: (width: number) => void, draw: (width: number) => void}} reactions
 *   to another frame, and to another member or width; in real pixels, so that text keeps its
 *   size, and 0 as long as it is not known
 * @returns {() => void} the end of it
 */
export function following(model, el, root, place, { move, draw }) {
  let width = 0;
  const [onFrame, onMember] = [() => move(width), () => draw(width)];
  const observer = new ResizeObserver(() => {
    const measured = Math.floor(place.getBoundingClientRect().width);
    if (measured === width) return;
    width = measured;
    draw(width);
  });
  root.dataset.lmSuppressShortcuts = "true"; // arrow keys here are not a notebook's shortcuts
  el.append(root);
  draw(width);
  observer.observe(place);
  model.on("change:frame", onFrame);
  model.on("change:member", onMember);
  return () => {
    observer.disconnect();
    model.off("change:frame", onFrame);
    model.off("change:member", onMember);
    root.remove();
  };
}

/** Tell the model what a reader chose, unless it is so already.
 * @param {Model<Places<unknown>>} model @param {"frame" | "member"} name @param {number} value */
export function tell(model, name, value) {
  if (value === model.get(name)) return;
  model.set(name, value);
  model.save_changes();
}

/** The whole number from 0 to a limit that is nearest to what a model says.
 * @param {number | undefined} value @param {number} limit */
export const within = (value, limit) => Math.min(limit, Math.max(0, Math.round(value || 0)));
