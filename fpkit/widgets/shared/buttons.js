/** Choices that stand side by side, of which one is chosen. */
import { h } from "./charts.js";

export const FEW = 4; // more are a menu or a slider

let radios = 0; // of radio buttons: each has a name of its own, for two widgets may share a page

/** A few choices, side by side. @param {string} name @param {string} label
 * @param {Record<string, string>} choices @param {(value: string) => void} set */
export function buttons(name, label, choices, set) {
  const group = `${name}-${radios++}`;
  const inputs = Object.entries(choices).map(([value, words]) => {
    const input = h("input", { type: "radio", name: group, value });
    input.addEventListener("change", () => set(value));
    return { input, element: h("label", {}, input, words) };
  });
  const element = h("div", { className: "fp-field fp-buttons" },
    h("span", {}, label), h("div", {}, ...inputs.map(({ element }) => element)));
  element.dataset.name = name;
  element.setAttribute("role", "radiogroup");
  element.setAttribute("aria-label", label);
  return {
    element,
    /** @param {string} value */
    show(value) { for (const { input } of inputs) input.checked = input.value === value; },
  };
}
