/**
 * Curves over training: several named curves against the training step, for one
 * value of a parameter at a time.  Two sliders choose the value and the step,
 * and the words below say what the curves are there.  Dashed lines are
 * references that training does not change, such as a linear predictor.
 *
 * Like the scrubber, the module talks to a `model` and draws into an element, so
 * the same file serves a notebook and a static page.  `member` is the place of
 * the parameter's value, `frame` that of the step.
 *
 * @typedef {import("../shared/arrays.js").Encoded} Encoded
 * @typedef {{steps: number[], values: Encoded, references: Encoded | null,
 *   names: string[], colors: string[], parameter: string, settings: string[],
 *   notes: string[], y_label: string}} Data  values are (settings, names, steps)
 * @typedef {import("../shared/rebuilding.js").Model<import("../shared/rebuilding.js").Places<Data>>} Model
 * @typedef {import("../shared/charts.js").Scales} Scales
 */

import {
  axes, extent, h, integer, linePath, panelSvg, roundTicks, s, scale, significant, slider, spread, text,
} from "../shared/charts.js";
import { decode } from "../shared/arrays.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const HEIGHT = 280;
const DASHES = ["5 4", "1.5 3", "10 4 2 4", "10 4"]; // of the references, in the order of the names
const MARGIN = { left: 44, right: 84, top: 26, bottom: 42 };

/** Build the control for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const data = model.get("data");
  const { steps, names, settings, notes, parameter } = data;
  const values = decode(data.values).values;
  const references = data.references && decode(data.references).values;
  const count = steps.length;
  /** @param {number} p  the setting's place @param {number} c  the name's */
  const curve = (p, c) => values.subarray((p * names.length + c) * count, (p * names.length + c + 1) * count);
  /** @param {number} p @param {number} c  with references */
  const reference = (p, c) => references?.[p * names.length + c] ?? NaN;
  /** One line is enough where names have the same one. @param {number} p @param {number} c */
  const own = (p, c) => names.findIndex((_, other) => reference(p, other) === reference(p, c)) === c;
  const top = extent(values, references ?? [])[1] * 1.05;

  const chosen = () => within(model.get("member"), settings.length - 1);
  const frame = () => within(model.get("frame"), count - 1);

  const setting = slider(parameter, settings.length - 1, (value) => tell(model, "member", value));
  const step = slider("training step", count - 1, (value) => tell(model, "frame", value));
  const readout = h("output", { className: "fp-readout" });
  const svg = panelSvg("fp-curves-panel", data.y_label);
  const cursor = s("path", { class: "fp-cursor" });
  const controls = h("div", { className: "fp-controls" }, setting.element, step.element, readout);
  const root = h("div", { className: "fp-curves" }, controls, svg);
  root.dataset.lmSuppressShortcuts = "true"; // the sliders' arrow keys are not a notebook's shortcuts

  let width = 0;
  const box = () => ({ left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom });
  /** @returns {Scales} */
  const scales = () => {
    const { left, right, top: upper, bottom } = box();
    return [scale([0, steps[count - 1]], [left, right]), scale([0, top], [bottom, upper])];
  };
  /** @param {Scales} scales */
  const frameOf = ([x, y]) => {
    const { left, right, top: upper, bottom } = box();
    const group = axes(box(), [x, roundTicks(x, right - left, 64, integer)],
      [y, roundTicks(y, bottom - upper, 40)], "training step");
    group.append(text(4, 13, "start", data.y_label));
    return group;
  };

  const move = () => {
    const [p, r] = [chosen(), frame()];
    setting.input.value = String(p);
    setting.input.setAttribute("aria-valuetext", `${parameter} ${settings[p]}`);
    step.input.value = String(r);
    step.input.setAttribute("aria-valuetext", `step ${integer(steps[r])}`);
    const here = names.map((name, c) => `${name} ${curve(p, c)[r].toFixed(2)}`).join(", ");
    const words = `${parameter} ${settings[p]}, step ${integer(steps[r])}: ${here}`;
    readout.value = notes[p] ? `${words} · ${notes[p]}` : words;
    const dashed = references ? ` Dashed: ${names.map((name, c) => `${name} ${significant(reference(p, c))}`).join(", ")}.` : "";
    svg.setAttribute("aria-label", `${data.y_label} against training step. ${readout.value}.${dashed}`);
    if (!width) return;
    const [x] = scales();
    cursor.setAttribute("d", `M${x(steps[r]).toFixed(1)},${box().bottom}V${box().top - 3}l-4,-6h8l-4,6`);
  };
  const draw = () => {
    move();
    if (!width) return;
    const p = chosen();
    const [x, y] = scales();
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute("height", String(HEIGHT));
    const ends = names.map((_, c) => y(curve(p, c)[count - 1]));
    const order = ends.map((_, c) => c).sort((a, b) => ends[a] - ends[b]);
    const labels = spread(order.map((c) => ends[c]), 14, [box().top, box().bottom]);
    svg.replaceChildren(frameOf([x, y]), ...names.map((name, c) => {
      const group = s("g", { style: `--fp-peak: ${data.colors[c]}`, "data-name": name },
        s("path", { class: "fp-error-line", d: linePath(steps, curve(p, c), x, y) }),
        text(box().right + 6, labels[order.indexOf(c)] + 4, "start", name));
      if (own(p, c)) {
        const at = y(reference(p, c)).toFixed(1);
        group.append(s("path", { class: "fp-error-line fp-reference", d: `M${box().left},${at}H${box().right}`,
          style: `stroke-dasharray: ${DASHES[c % DASHES.length]}` }));
      }
      return group;
    }), cursor);
  };
  /** @param {number} measured */
  const resize = (measured) => {
    width = measured;
    draw();
  };

  el.append(root);
  draw();
  const stop = following(model, root, { resize, move, draw });
  return () => {
    stop();
    root.remove();
  };
}

export default rebuilding(build);
