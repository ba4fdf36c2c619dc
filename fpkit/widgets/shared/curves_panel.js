/**
 * Named curves over one variable, each with its name beside its end, and a cursor:
 * the panel of the widgets `curves` and `lines`.
 *
 * @typedef {import("./charts.js").Scale} Scale
 * @typedef {import("./charts.js").Tick} Tick
 * @typedef {{name: string, color: string, values: ArrayLike<number>, reference?: {at: number, dashes: string}}} Curve
 *   `reference`: the height of a dashed line in the same colour
 */
import {
  apart, axes, clear, cursorPath, fineTicks, linePath, NAME, namesWidth, panelSvg, roundTicks, s, scale, text,
} from "./charts.js";

const MARGINS = { left: 44, top: 26 };

/** @param {string} label @param {number} height @param {ArrayLike<number>} at  where the values are
 * @param {[number, number]} range  of the values @param {string} variable
 * @param {(value: number) => string} [format]  of the variable
 * @param {{log?: boolean, write?: (value: number) => string}} [heights]  are they on a logarithmic axis,
 *   and how are they written? */
export function curvesPanel(label, height, at, range, variable, format, { log = false, write } = {}) {
  const svg = panelSvg("fp-curves-panel", label);
  const cursor = s("path", { class: "fp-cursor" });
  const last = at.length - 1;
  /** @type {import("./charts.js").Box} */
  let box;
  /** @type {Scale} */
  let x;
  return {
    svg,
    /** @param {number} width @param {Curve[]} curves @param {number} [base]  the height of a grey line */
    draw(width, curves, base) {
      box = clear(svg, width, { ...MARGINS, right: namesWidth(svg, curves.map(({ name }) => name)) }, height);
      x = scale([at[0], at[last]], [box.left, box.right]);
      const y = scale(range, [box.bottom, box.top], log ? Math.log10 : undefined);
      const ticks = log ? fineTicks(y, write) : roundTicks(y, box.bottom - box.top, 40, write);
      const yTicks = ticks.map((tick) => ({ ...tick, strong: base !== undefined && Math.fround(tick.at) === Math.fround(base) }));
      /** @param {number} value */
      const across = (value, dashes = "5 4") => s("path", { class: "fp-error-line fp-reference",
        style: `stroke-dasharray: ${dashes}`, d: `M${box.left},${y(value).toFixed(1)}H${box.right}` });
      const ends = curves.map(({ values }) => y(values[last]));
      const labels = apart(ends, 14, [box.top, box.bottom]);
      svg.append(
        axes(box, [x, roundTicks(x, box.right - box.left, 64, format)], [y, yTicks], variable),
        text(4, 13, "start", label),
        base === undefined ? "" : s("g", { style: "--fp-peak: #808080" }, across(base)),
        ...curves.map(({ name, color, values, reference }, c) => s("g", { style: `--fp-peak: ${color}`, "data-name": name },
          s("path", { class: "fp-error-line", d: linePath(at, values, x, y) }),
          s("path", { class: "fp-leader", d: `M${box.right + 1},${ends[c]}L${box.right + 9},${labels[c]}` }),
          s("text", { class: "fp-end", x: box.right + NAME, y: labels[c] + 4 }, name),
          reference ? across(reference.at, reference.dashes) : "")),
        cursor);
    },
    /** Move the cursor. @param {number} value */
    move: (value) => cursor.setAttribute("d", cursorPath(x(value), box)),
  };
}
