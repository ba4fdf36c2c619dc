/**
 * Curves over training: several named curves against the training step, for one
 * value of a parameter at a time.  Buttons or a slider choose the value, a slider
 * the step, and the words below say what the curves are there.  Dashed lines are
 * references that training does not change, such as a linear predictor: in the
 * curve's colour or, where all curves have the same one, grey.
 *
 * Like the scrubber, the module talks to a `model` and draws into an element, so
 * the same file serves a notebook and a static page.  `member` is the place of
 * the parameter's value, `frame` that of the step.
 *
 * @typedef {import("../shared/arrays.js").Encoded} Encoded
 * @typedef {{steps: number[], values: Encoded, references: Encoded | null,
 *   names: string[], colors: string[], parameter: string, settings: string[],
 *   notes: string[], y_label: string, log: [number, number] | null, percent: boolean}} Data  values are
 *   (settings, names, steps); `log`: the ends of a logarithmic axis
 * @typedef {import("../shared/rebuilding.js").Model<import("../shared/rebuilding.js").Places<Data>>} Model
 */

import { buttons, FEW } from "../shared/buttons.js";
import { extent, h, integer, percent, significant, slider } from "../shared/charts.js";
import { curvesPanel } from "../shared/curves_panel.js";
import { decode } from "../shared/arrays.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const DASHES = ["5 4", "1.5 3", "10 4 2 4", "10 4"]; // of the references, in the order of the names

/** The parameter's values: a few as buttons, more on a slider with the value beside it.
 * @param {string} label @param {string[]} settings @param {(place: number) => void} choose
 * @returns {{element: HTMLElement, show(place: number): void}} */
function choice(label, settings, choose) {
  if (settings.length <= FEW) {
    const { element, show } = buttons("setting", label, Object.fromEntries(settings.entries()), (value) => choose(Number(value)));
    return { element, show: (place) => show(String(place)) };
  }
  const { element, input } = slider(label, settings.length - 1, choose);
  const value = h("span", { className: "fp-value" });
  value.setAttribute("aria-hidden", "true"); // a listener hears it from the slider
  value.style.width = `min(${Math.max(...settings.map(({ length }) => length))}ch, 40%)`;
  element.append(value);
  return {
    element,
    show(place) {
      value.textContent = settings[place];
      input.value = String(place);
      input.setAttribute("aria-valuetext", `${label} ${settings[place]}`);
    },
  };
}

/** Build the widget for the model's present data.
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
  /** What all names have, and thus no one of them. @param {number} p */
  const common = (p) => (references && names.every((_, c) => reference(p, c) === reference(p, 0)) ? reference(p, 0) : undefined);
  const write = data.percent ? percent : (/** @type {number} */ value) => value.toFixed(2);
  /** @type {[number, number]} */
  const range = data.log ?? [0, extent(values, references ?? [])[1] * 1.05];

  const chosen = () => within(model.get("member"), settings.length - 1);
  const frame = () => within(model.get("frame"), count - 1);

  const setting = choice(parameter, settings, (place) => tell(model, "member", place));
  const step = slider("training step", count - 1, (value) => tell(model, "frame", value));
  const readout = h("output", { className: "fp-readout" });
  const panel = curvesPanel(data.y_label, 280, steps, range, "training step", integer,
    { log: Boolean(data.log), write: data.percent ? percent : undefined });
  const controls = h("div", { className: "fp-controls" }, step.element, readout);
  if (settings.length > 1) controls.prepend(setting.element);
  const root = h("div", { className: "fp-curves" }, controls, panel.svg);

  /** @param {number} width */
  const move = (width) => {
    const [p, r] = [chosen(), frame()];
    setting.show(p);
    step.input.value = String(r);
    step.input.setAttribute("aria-valuetext", `step ${integer(steps[r])}`);
    // A name and its number are never on two lines.
    const here = names.map((name, c) => [c ? ", " : "",
      h("span", { className: "fp-number" }, `${name}: ${write(curve(p, c)[r])}`)]);
    readout.replaceChildren(`${parameter} ${settings[p]}, step ${integer(steps[r])} · `, ...here.flat(),
      notes[p] ? ` · ${notes[p]}` : "");
    const all = common(p);
    const each = all !== undefined ? [write(all)] : names.map((name, c) => `${name} ${significant(reference(p, c))}`);
    const dashed = references ? ` Dashed: ${each.join(", ")}.` : "";
    panel.svg.setAttribute("aria-label", `${data.y_label} against training step. ${readout.value}.${dashed}`);
    if (width) panel.move(steps[r]);
  };
  /** @param {number} width */
  const draw = (width) => {
    const p = chosen();
    if (width) {
      panel.draw(width, names.map((name, c) => ({
        name, color: data.colors[c], values: curve(p, c),
        reference: common(p) === undefined && own(p, c) ? { at: reference(p, c), dashes: DASHES[c % DASHES.length] } : undefined,
      })), common(p));
    }
    move(width);
  };
  return following(model, el, root, root, { move, draw });
}

export default rebuilding(build);
