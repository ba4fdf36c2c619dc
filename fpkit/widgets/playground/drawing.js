/**
 * Drawing a target: drag in the panel, or take the handle with the keyboard,
 * left and right to choose a point and up and down to move it.  A button clears
 * what is drawn.
 *
 * @typedef {{i: number, value: number}} Place  of a point: its number and its height
 */
import { h } from "../shared/charts.js";
import { DRAWN_LIMIT, DRAWN_POINTS } from "./parameters.js";

// How far keys move: in points, and in height.
/** @type {Record<string, number>} */
const ACROSS = { ArrowLeft: -1, ArrowRight: 1, Home: -DRAWN_POINTS, End: DRAWN_POINTS };
/** @type {Record<string, number>} */
const UP = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 0.5, PageDown: -0.5 };

/** @param {number} value */
const limit = (value) => Number(Math.min(DRAWN_LIMIT, Math.max(-DRAWN_LIMIT, value)).toFixed(2));
/** @param {number} i */
const position = (i) => -1 + (2 * i) / (DRAWN_POINTS - 1);

/** @param {ReturnType<typeof import("../shared/panels.js").fitPanel>} panel
 * @param {() => number[]} get  the values drawn so far
 * @param {(values: number[]) => void} set
 * @returns {{element: HTMLElement, show(on: boolean): void}}  the panel with its handle */
export function drawing(panel, get, set) {
  let chosen = Math.floor(DRAWN_POINTS / 2);
  let on = false;
  const handle = h("div", { className: "fp-handle", tabIndex: 0, hidden: true });
  for (const [name, value] of Object.entries({
    role: "slider", "aria-label": "point of the drawn target", "aria-orientation": "vertical",
    "aria-valuemin": -DRAWN_LIMIT, "aria-valuemax": DRAWN_LIMIT,
  })) handle.setAttribute(name, String(value));
  const empty = h("button", { type: "button", className: "fp-clear", hidden: true }, "clear");
  empty.setAttribute("aria-label", "clear the drawing");
  const element = h("div", { className: "fp-drawing" }, panel.svg, handle, empty);

  const show = () => {
    element.classList.toggle("fp-drawable", on);
    handle.hidden = empty.hidden = !on;
    if (!on || !panel.scales()) return;
    const { x, y } = panel.scales();
    const value = get()[chosen];
    handle.style.left = `${x(position(chosen))}px`;
    handle.style.top = `${y(value)}px`;
    handle.setAttribute("aria-valuenow", String(value));
    handle.setAttribute("aria-valuetext",
      `point ${chosen + 1} of ${DRAWN_POINTS}, x = ${position(chosen).toFixed(2)}, height ${value}`);
  };

  /** Set the points between two, as one stroke does. @param {Place} from @param {Place} to */
  const stroke = (from, to) => {
    const values = [...get()];
    const span = to.i - from.i;
    for (let i = Math.min(from.i, to.i); i <= Math.max(from.i, to.i); i++) {
      values[i] = limit(span ? from.value + ((to.value - from.value) * (i - from.i)) / span : to.value);
    }
    chosen = to.i;
    set(values);
    show();
  };

  /** The point under the pointer: scales turned round. @param {PointerEvent} event @returns {Place} */
  const under = (event) => {
    const { x, y } = panel.scales();
    const box = panel.svg.getBoundingClientRect();
    const [left, right] = x.domain.map(x);
    const [bottom, top] = y.domain.map(y);
    const share = (event.clientX - box.left - left) / (right - left);
    const height = (event.clientY - box.top - bottom) / (top - bottom);
    return {
      i: Math.round(Math.min(1, Math.max(0, share)) * (DRAWN_POINTS - 1)),
      value: y.domain[0] + height * (y.domain[1] - y.domain[0]),
    };
  };
  /** @type {Place | null} */
  let last = null;
  element.addEventListener("pointerdown", (event) => {
    if (!on || event.button || event.target === empty) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    last = under(event);
    stroke(last, last);
  });
  element.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = under(event);
    stroke(last, next);
    last = next;
  });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { last = null; });

  empty.addEventListener("click", () => {
    set(Array(DRAWN_POINTS).fill(0));
    show();
  });

  handle.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 5 : 1;
    const across = ACROSS[event.key];
    const up = UP[event.key];
    if (!across && !up) return;
    event.preventDefault();
    if (up) {
      const at = { i: chosen, value: get()[chosen] + up * far };
      stroke(at, at);
    } else {
      chosen = Math.min(DRAWN_POINTS - 1, Math.max(0, chosen + across * far));
      show();
    }
  });

  return {
    element,
    show(next) {
      on = next;
      show();
    },
  };
}
