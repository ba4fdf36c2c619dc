/**
 * What controls share in dealing with their model: a notebook's, or the stand-in
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
 * What a control with two places keeps.  On a page nobody has set these at first.
 *
 * @template Data
 * @typedef {{data: Data, frame?: number, member?: number}} Places
 */

/**
 * A control that is built anew whenever its data change.
 *
 * @template {{data: unknown}} Traits
 * @param {(model: Model<Traits>, el: HTMLElement) => () => void} build
 *   draws the control for the model's present data and returns its removal
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
 * Let a control follow its model and its place on the page.
 *
 * @param {Model<Places<unknown>>} model
 * @param {HTMLElement} place
 * @param {{resize: (width: number) => void, move: () => void, draw: () => void}} reactions
 *   to another width in real pixels (so that text keeps its size), to another frame and to
 *   another member
 * @returns {() => void} the end of it
 */
export function following(model, place, { resize, move, draw }) {
  let width = 0;
  const observer = new ResizeObserver(() => {
    const measured = Math.floor(place.getBoundingClientRect().width);
    if (measured === width) return;
    width = measured;
    resize(width);
  });
  observer.observe(place);
  model.on("change:frame", move);
  model.on("change:member", draw);
  return () => {
    observer.disconnect();
    model.off("change:frame", move);
    model.off("change:member", draw);
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
