/**
 * A control that is built anew whenever its data change.
 *
 * @param {(model: any, el: HTMLElement) => () => void} build
 *   draws the control for the model's present data and returns its removal
 */
export const rebuilding = (build) => ({
  /** @param {{model: any, el: HTMLElement}} host @returns {() => void} */
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
 * @param {any} model
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
