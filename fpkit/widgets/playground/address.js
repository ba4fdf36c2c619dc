/**
 * What the playground's settings are in an address, after "#".
 *
 * @typedef {import("./trainer.js").Settings} Settings
 */
import { DEFAULTS, MOST_STEPS, checked, nearest } from "./parameters.js";

const ADDRESS = "#playground";
const LISTS = ["amplitudes", "drawing"];
/** @param {string} text @returns {number[]} */
const numbers = (text) => text.split("_").map((part) => (part.trim() ? Number(part) : NaN));

/** The settings as the part of an address after "#"; only what is not default.
 * @param {Settings} settings @param {number} [steps]  to make at once on opening */
export function toAddress(settings, steps = 0) {
  const names = /** @type {(keyof Settings)[]} */ (Object.keys(settings));
  const parts = names
    .filter((name) => String(settings[name]) !== String(DEFAULTS[name]))
    .map((name) => `${name}=${[settings[name]].flat().join("_")}`);
  if (steps) parts.push(`steps=${steps}`);
  return [ADDRESS, ...parts].join("&");
}

/** Read an address.  What is not allowed is replaced, and a note says so.
 * @param {string} hash
 * @returns {{settings: Settings, steps: number, notes: string[]} | null}  null if it is not for the playground */
export function fromAddress(hash) {
  const [name, ...parts] = hash.split("&");
  if (name !== ADDRESS) return null;
  const { steps: asked, ...given } = Object.fromEntries(new URLSearchParams(parts.join("&")));
  const read = Object.entries(given).map(([name, text]) => [name, LISTS.includes(name) ? numbers(text) : text]);
  const { settings, notes } = checked(Object.fromEntries(read));
  const steps = asked === undefined ? 0 : nearest({ min: 0, max: MOST_STEPS, step: 1 }, Number(asked));
  if (asked !== undefined && steps !== Number(asked)) notes.push(`steps: ${asked} became ${steps || 0}`);
  return { settings, steps: steps || 0, notes };
}
