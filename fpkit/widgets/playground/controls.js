/**
 * The settings as form elements, each with a name, a value and the keyboard's
 * own ways to change it.
 *
 * @typedef {import("./parameters.js").Range} Range
 * @typedef {import("./parameters.js").RangeName} RangeName
 * @typedef {import("./parameters.js").ChoiceName} ChoiceName
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {{element: HTMLElement, show(settings: Settings): void}} Field
 */
import { h } from "../shared/charts.js";
import { buttons, FEW } from "../shared/buttons.js";
import { AMPLITUDE, AMPLITUDES, CHOICES, RANGES, nearest } from "./parameters.js";

const LEGENDS = { target: "Target", network: "Network", training: "Training" };
/** @param {number} value */
const written = (value) => (value < 1e-3 && value > 0 ? value.toExponential() : String(value));

/** A menu. @param {string} name @param {string} label @param {Record<string, string>} choices
 * @param {(value: string) => void} set */
export function menu(name, label, choices, set) {
  const select = h("select", { className: "fp-menu", name },
    ...Object.entries(choices).map(([value, words]) => h("option", { value }, words)));
  select.addEventListener("change", () => set(select.value));
  return {
    select,
    element: h("label", { className: "fp-field" }, label, select),
    /** @param {string} value */
    show(value) { select.value = value; },
  };
}

/** A slider with its value beside its name.
 * @param {string} name @param {Range} range @param {(value: number) => void} set */
function slider(name, range, set) {
  const { label, min, max, step, log } = range;
  /** @param {number} at */
  const power = (at) => Number((10 ** at).toPrecision(2));
  const [place, value] = log ? [Math.log10, power] : [Number, Number];
  const input = h("input", {
    type: "range", className: "fp-slider", name, min: String(place(min)), max: String(place(max)), step: String(step),
  });
  const shown = h("output");
  input.setAttribute("aria-label", label);
  input.addEventListener("input", () => set(nearest(range, value(input.valueAsNumber))));
  return {
    element: h("label", { className: "fp-field" }, h("span", {}, label, shown), input),
    /** @param {number} now */
    show(now) {
      shown.value = written(now);
      input.setAttribute("aria-valuetext", written(now));
      if (nearest(range, value(input.valueAsNumber)) !== now) input.value = String(place(now));
    },
  };
}

/** The settings of the given names, or all, in their groups.
 * @param {(changes: Partial<Settings>) => void} change @param {() => Settings} get
 * @param {string[] | null} names
 * @returns {Field} */
export function form(change, get, names) {
  /** @param {string} name */
  const offered = (name) => !names || names.includes(name);
  /** @type {Record<string, HTMLElement>} */
  const groups = {};
  for (const [group, words] of Object.entries(LEGENDS)) {
    groups[group] = h("fieldset", { className: "fp-group" }, h("legend", {}, words));
  }
  /** @type {((settings: Settings) => void)[]} */
  const shows = [];
  for (const name of /** @type {ChoiceName[]} */ (Object.keys(CHOICES)).filter(offered)) {
    const { label, group, choices } = CHOICES[name];
    const few = Object.keys(choices).length <= FEW;
    const { show, element } = (few ? buttons : menu)(name, label, choices, (value) => change({ [name]: value }));
    shows.push((settings) => show(settings[name]));
    groups[group].append(element);
  }
  const waves = offered("amplitudes") ? AMPLITUDES : 0;
  for (let i = 0; i < waves; i++) {
    /** @type {Range} */
    const range = { label: `amplitude of sin ${i ? 2 * i + 1 : ""}x`, group: "target", ...AMPLITUDE };
    const { element, show } = slider(`amplitude${i}`, range, (value) =>
      change({ amplitudes: get().amplitudes.map((old, j) => (j === i ? value : old)) }));
    shows.push((settings) => {
      element.hidden = settings.target !== "sines";
      show(settings.amplitudes[i]);
    });
    groups.target.append(element);
  }
  for (const name of /** @type {RangeName[]} */ (Object.keys(RANGES)).filter(offered)) {
    const { element, show } = slider(name, RANGES[name], (value) => change({ [name]: value }));
    shows.push((settings) => show(settings[name]));
    groups[RANGES[name].group].append(element);
  }
  return {
    element: h("div", { className: "fp-settings" }, ...Object.values(groups).filter((group) => group.children.length > 1)),
    show: (settings) => shows.forEach((show) => show(settings)),
  };
}
