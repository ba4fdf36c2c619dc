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
 * @typedef {import("./arrays.js").Encoded} Encoded
 * @typedef {{steps: number[], values: Encoded, references: Encoded | null,
 *   names: string[], colors: string[], parameter: string, settings: string[],
 *   notes: string[], y_label: string}} Data  values are (settings, names, steps)
 * @typedef {{get(name: string): any, set(name: string, value: any): void,
 *   save_changes(): void, on(event: string, callback: () => void): void,
 *   off(event: string, callback: () => void): void}} Model
 */

import { axes, h, integer, linePath, panelSvg, roundTicks, s, scale, spread, text } from "./charts.js";
import { decode } from "./arrays.js";
import { following, rebuilding } from "./rebuilding.js";

const HEIGHT = 280;
const MARGIN = { left: 44, right: 84, top: 26, bottom: 42 };

/** Build the control for the model's present data. @returns {() => void} its removal */
function build(model, el) {
  /** @type {Data} */
  const data = model.get("data");
  const { steps, names, settings, notes, parameter } = data;
  const values = decode(data.values).values;
  const references = data.references && decode(data.references).values;
  const count = steps.length;
  const curve = (p, c) => values.subarray((p * names.length + c) * count, (p * names.length + c + 1) * count);
  const top = Math.max(...values) * 1.05;

  const within = (value, max) => Math.min(max, Math.max(0, Math.round(value) || 0));
  const chosen = () => within(model.get("member"), settings.length - 1);
  const frame = () => within(model.get("frame"), count - 1);
  const set = (name, value) => {
    if (value === model.get(name)) return;
    model.set(name, value);
    model.save_changes();
  };

  const slider = (label, max, name) => {
    const input = h("input", { type: "range", min: "0", max: String(max), step: "1", className: "fp-slider" });
    input.addEventListener("input", () => set(name, input.valueAsNumber));
    return [input, h("label", { className: "fp-choice fp-wide" }, label, input)];
  };
  const [settingSlider, settingLabel] = slider(parameter, settings.length - 1, "member");
  const [stepSlider, stepLabel] = slider("training step", count - 1, "frame");
  const readout = h("output", { className: "fp-readout" });
  const svg = panelSvg("fp-curves-panel", data.y_label);
  const cursor = s("path", { class: "fp-cursor" });
  const controls = h("div", { className: "fp-controls" }, settingLabel, stepLabel, readout);
  const root = h("div", { className: "fp-curves" }, controls, svg);
  root.dataset.lmSuppressShortcuts = "true"; // the sliders' arrow keys are not a notebook's shortcuts

  let width = 0;
  const box = () => ({ left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom });
  const scales = () => {
    const { left, right, top: upper, bottom } = box();
    return [scale([0, steps[count - 1]], [left, right]), scale([0, top], [bottom, upper])];
  };
  const frameOf = (x, y) => {
    const { left, right, top: upper, bottom } = box();
    const group = axes(box(), [x, roundTicks(x, right - left, 64, integer)],
      [y, roundTicks(y, bottom - upper, 40)], "training step");
    group.append(text(4, 13, "start", data.y_label));
    return group;
  };

  const move = () => {
    const [p, r] = [chosen(), frame()];
    settingSlider.value = String(p);
    settingSlider.setAttribute("aria-valuetext", `${parameter} ${settings[p]}`);
    stepSlider.value = String(r);
    stepSlider.setAttribute("aria-valuetext", `step ${integer(steps[r])}`);
    const here = names.map((name, c) => `${name} ${curve(p, c)[r].toFixed(2)}`).join(", ");
    const words = `${parameter} ${settings[p]}, step ${integer(steps[r])}: ${here}`;
    readout.value = notes[p] ? `${words} · ${notes[p]}` : words;
    svg.setAttribute("aria-label", `${data.y_label} against training step. ${readout.value}.`);
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
    svg.setAttribute("height", HEIGHT);
    const ends = names.map((_, c) => y(curve(p, c)[count - 1]));
    const order = ends.map((_, c) => c).sort((a, b) => ends[a] - ends[b]);
    const labels = spread(order.map((c) => ends[c]), 14, [box().top, box().bottom]);
    svg.replaceChildren(frameOf(x, y), ...names.map((name, c) => {
      const group = s("g", { style: `--fp-peak: ${data.colors[c]}`, "data-name": name },
        s("path", { class: "fp-error-line", d: linePath(steps, curve(p, c), x, y) }),
        text(box().right + 6, labels[order.indexOf(c)] + 4, "start", name));
      if (references) {
        const at = y(references[p * names.length + c]).toFixed(1);
        group.append(s("path", { class: "fp-error-line fp-reference", d: `M${box().left},${at}H${box().right}` }));
      }
      return group;
    }), cursor);
  };
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
