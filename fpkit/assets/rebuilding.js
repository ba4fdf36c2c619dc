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
