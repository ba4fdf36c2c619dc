/**
 * What drawings of curves share: words for numbers, scales, ticks, axes, and
 * short ways to make elements.
 *
 * @typedef {{(value: number): number, domain: [number, number]}} Scale  data to pixels
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 * @typedef {{at: number, label: string, strong?: boolean}} Tick
 */

// --- words -----------------------------------------------------------------

/** @param {number} value */
export const integer = (value) => Math.round(value).toLocaleString("en-US");
/** @param {number} value */
export const percent = (value) => `${Number((100 * value).toPrecision(2))} %`;
/** @param {number} n  a whole number */
const superscript = (n) => String(n).replace(/./g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]));

/** Three significant digits, or two and a power of ten. @param {number} value */
export function significant(value) {
  const plain = !(value < 1e-3 || (value >= 1e3 && value < Infinity));
  if (plain) return value.toPrecision(3);
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits} × 10${superscript(Number(exponent))}`;
}

// --- scales and axes -------------------------------------------------------

/** @param {ArrayLike<number>[]} arrays @returns {[number, number]} */
export function extent(...arrays) {
  let low = Infinity;
  let high = -Infinity;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      if (array[i] < low) low = array[i];
      if (array[i] > high) high = array[i];
    }
  }
  return [low, high];
}

/** A scale that is linear in `warp(value)`.  Values outside the domain, and
 * values that are not numbers, sit on its edge rather than outside the panel.
 * @param {[number, number]} domain @param {[number, number]} range
 * @param {(value: number) => number} [warp] @returns {Scale} */
export function scale(domain, range, warp = (value) => value) {
  const [low, high] = domain;
  const [from, to] = range;
  const span = warp(high) - warp(low) || 1;
  /** @param {number} value */
  const place = (value) => {
    const inside = value > low ? Math.min(value, high) : low;
    return from + ((to - from) * (warp(inside) - warp(low))) / span;
  };
  return Object.assign(place, { domain });
}

/** Round ticks, about one per `spacing` pixels.
 * @param {Pick<Scale, "domain">} scale @param {number} pixels @param {number} spacing
 * @param {(value: number) => string} [format] @returns {Tick[]} */
export function roundTicks({ domain: [low, high] }, pixels, spacing, format = (value) => String(value)) {
  const rough = ((high - low) * spacing) / pixels;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = power * ([1, 2, 5].find((m) => m * power >= rough * 0.999) ?? 10);
  const ticks = [];
  for (let n = Math.ceil(low / unit - 1e-9); n * unit <= high * (1 + 1e-9); n++) {
    const at = Number((n * unit).toPrecision(12));
    ticks.push({ at, label: format(at).replace("-", "−") });
  }
  // One alone does not say how large anything is.
  return ticks.length < 2 && spacing > 1 ? roundTicks({ domain: [low, high] }, pixels, spacing / 2, format) : ticks;
}

/** Ticks of a logarithmic axis: at the powers of ten and, if it has few decades, at 2 and 5 times them.
 * @param {Pick<Scale, "domain">} scale @param {(value: number) => string} [format] @returns {Tick[]} */
export function fineTicks({ domain: [low, high] }, format = String) {
  const decades = decadeTicks({ domain: [low / 10, high] });
  const between = high / low < 100 ? [1, 2, 5] : [1];
  return decades.flatMap(({ at }) => between.map((m) => Number((m * at).toPrecision(12))))
    .filter((at) => at >= low && at <= high).map((at) => ({ at, label: format(at) }));
}

/** One tick per power of ten.
 * @param {Pick<Scale, "domain">} scale
 * @param {(value: number, exponent: number) => string} [format] @returns {Tick[]} */
export function decadeTicks({ domain: [low, high] }, format = (_, n) => `10${superscript(n)}`) {
  const ticks = [];
  for (let n = Math.ceil(Math.log10(low) - 1e-6); 10 ** n <= high * (1 + 1e-6); n++) {
    ticks.push({ at: 10 ** n, label: format(10 ** n, n) });
  }
  return ticks;
}

const SAME = 1.5; // pixels: of curves that end so close nobody sees which is higher

/** Move positions apart by at least `gap`, in their order, staying within the limits.  Those that
 * look the same come in the order in which they are given, or from the last to the first where
 * the others do so.
 * @param {number[]} positions @param {number} gap @param {[number, number]} limits */
export function apart(positions, gap, [low, high]) {
  const placed = [...positions];
  const sorted = placed.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
  /** @type {number[][]} */
  const groups = [];
  sorted.forEach((i, rank) => {
    if (rank && positions[i] - positions[sorted[rank - 1]] <= SAME) groups[groups.length - 1].push(i);
    else groups.push([i]);
  });
  const middle = (positions.length - 1) / 2;
  const trend = groups.flatMap((group) => group.map((i) => (i - middle) * positions[group[0]]))
    .reduce((sum, part) => sum + part, 0);
  const way = trend < -1e-9 ? -1 : 1; // rounding is no trend
  const order = groups.flatMap((group) => group.sort((a, b) => way * (a - b)));
  order.forEach((i, rank) => { placed[i] = Math.max(placed[i], rank ? placed[order[rank - 1]] + gap : low); });
  order.reverse().forEach((i, rank) => { placed[i] = Math.min(placed[i], rank ? placed[order[rank - 1]] - gap : high); });
  return placed;
}

// --- drawing ---------------------------------------------------------------

export const NAME = 11; // pixels from the end of a curve to its name

/** An element of a drawing.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string | number>} attributes @param {(Node|string)[]} children
 * @returns {SVGElementTagNameMap[Tag]} */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** An element of the page.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Partial<HTMLElementTagNameMap[Tag]>} properties @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]} */
export function h(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Words in a drawing.
 * @param {number} x @param {number} y @param {"start"|"middle"|"end"} anchor @param {(Node|string)[]} children */
export const text = (x, y, anchor, ...children) => s("text", { x, y, "text-anchor": anchor }, ...children);

/** Pixels that the widest name of a curve takes beside its end, with the line that leads to it.
 * @param {SVGElement} svg  a panel on the page @param {string[]} names */
export function namesWidth(svg, names) {
  const labels = names.map((name) => s("text", { class: "fp-end" }, name));
  svg.append(...labels);
  const widest = Math.max(0, ...labels.map((label) => label.getComputedTextLength()));
  for (const label of labels) label.remove();
  return Math.ceil(widest) + NAME + 4;
}

/** @param {{colors: string[]}} run @param {number} i  which of its peaks */
export const peakStyle = (run, i) => `--fp-peak: ${run.colors[i]}`;

/** A polyline as path data.  Of the points that share half a pixel column only
 * the lowest and highest are kept: it looks the same, however many there are.
 * @param {ArrayLike<number>} xs @param {ArrayLike<number>} ys
 * @param {(value: number) => number} x @param {(value: number) => number} y  scales */
export function linePath(xs, ys, x, y) {
  /** @type {string[]} */
  const parts = [];
  let column = NaN;
  let low = { i: -1, x: NaN, y: NaN }; // no point yet
  let high = low;
  const flush = () => {
    if (low.i < 0) return;
    for (const p of low.i < high.i ? [low, high] : low === high ? [low] : [high, low]) {
      parts.push(`${p.x.toFixed(1)},${p.y.toFixed(1)}`);
    }
  };
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i])) continue;
    const point = { i, x: x(xs[i]), y: y(ys[i]) };
    if (Math.floor(2 * point.x) === column) {
      if (point.y < low.y) low = point;
      if (point.y > high.y) high = point;
    } else {
      flush();
      column = Math.floor(2 * point.x);
      low = high = point;
    }
  }
  flush();
  return parts.length ? `M${parts.join("L")}` : "";
}

/** Empty the panel, size it, and return where its plot goes.
 * @param {SVGElement} svg @param {number} width @param {Omit<Box, "bottom">} margins @returns {Box} */
export function clear(svg, width, { left, right, top }, height = Math.round(Math.min(270, Math.max(220, width * 0.7)))) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", String(height));
  return { left, right: width - right, top, bottom: height - 42 };
}

/** The two axes, their ticks, and the label of the horizontal one.
 * @param {Box} box @param {[scale: Scale, ticks: Tick[]]} horizontal
 * @param {[scale: Scale, ticks: Tick[]]} vertical @param {string} label */
export function axes({ left, right, top, bottom }, [x, xTicks], [y, yTicks], label) {
  const group = s("g", { class: "fp-axes", "aria-hidden": "true" },
    s("path", { d: `M${left},${top}V${bottom}H${right}` }),
    text((left + right) / 2, bottom + 36, "middle", label));
  let free = -Infinity;
  for (const tick of xTicks) {
    const at = x(tick.at);
    group.append(s("path", { d: `M${at},${bottom}v4` }));
    if (at < free) continue; // no room for this label beside the last one
    group.append(text(at, bottom + 17, "middle", tick.label));
    free = at + 24;
  }
  for (const tick of yTicks) {
    const number = text(left - 7, y(tick.at) + 4, "end", tick.label);
    if (tick.strong) number.classList.add("fp-strong");
    group.append(s("path", { d: `M${left},${y(tick.at)}h-4` }), number);
  }
  return group;
}

/** The key "target, network", with each mark as the panel draws it.
 * @param {number} right @param {SVGElement} targetMark @param {SVGElement} outputMark */
export function key(right, targetMark, outputMark) {
  /** @param {number} at @param {SVGElement} mark @param {string} word */
  const entry = (at, mark, word) =>
    s("g", { transform: `translate(${at},9)` }, mark, text(13, 4, "start", word));
  return s("g", { class: "fp-key", "aria-hidden": "true" },
    entry(right - 126, targetMark, "target"), entry(right - 62, outputMark, "network"));
}

/** A vertical line with an arrow above the box. @param {number} x @param {Pick<Box, "top" | "bottom">} box */
export const cursorPath = (x, { top, bottom }) => `M${x.toFixed(1)},${bottom}V${top - 3}l-4,-6h8l-4,6`;

/** @param {Element} element  whose width in whole pixels is wanted */
export const widthOf = (element) => Math.floor(element.getBoundingClientRect().width);

/** A panel.  Its label says what it is until the drawing in it says more.
 * @param {string} name @param {string} label */
export const panelSvg = (name, label) => s("svg", { class: `fp-panel ${name}`, role: "img", "aria-label": label });

/** A slider over the whole numbers from 0 to `max`, in its label.
 * @param {string} label @param {number} max @param {(value: number) => void} choose */
export function slider(label, max, choose) {
  const input = h("input", { type: "range", min: "0", max: String(max), step: "1", className: "fp-slider" });
  input.addEventListener("input", () => choose(input.valueAsNumber));
  return { input, element: h("label", { className: "fp-choice fp-wide" }, label, input) };
}
