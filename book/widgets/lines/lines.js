/**
 * Lines through images: one slider chooses an image, the other how far it is
 * moved along each of several directions.  Above, the moved images and what the
 * network reads in them; below, its margin along the lines.  Where a curve falls
 * below 0, the answer changes.
 *
 * Like the scrubber, the module talks to a `model` and draws into an element, so
 * the same file serves a notebook and a static page.  `member` is the place of
 * the image, `frame` that of the position.
 *
 * @typedef {import("../shared/arrays.js").Encoded} Encoded
 * @typedef {{positions: number[], images: Encoded, directions: Encoded, margins: Encoded,
 *   answers: Encoded, names: string[], colors: string[], labels: string[],
 *   shape: [number, number]}} Data  images (images, pixels), directions (names, images, pixels),
 *   margins and answers (names, images, positions)
 * @typedef {import("../shared/rebuilding.js").Model<import("../shared/rebuilding.js").Places<Data>>} Model
 */

import { extent, h, s, slider, text } from "../shared/charts.js";
import { curvesPanel } from "../shared/curves_panel.js";
import { decode } from "../shared/arrays.js";
import { following, rebuilding, tell, within } from "../shared/rebuilding.js";

const PICTURE = 112;

/** Build the widget for the model's present data.
 * @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const data = model.get("data");
  const { positions, names, labels, shape: [rows, columns] } = data;
  const [images, directions, margins, answers] =
    [data.images, data.directions, data.margins, data.answers].map((array) => decode(array).values);
  const [count, pixels] = [positions.length, rows * columns];
  /** What an array has for a direction and an image.
   * @param {Float32Array} array @param {number} d @param {number} i @param {number} size */
  const part = (array, d, i, size) => array.subarray((d * labels.length + i) * size, (d * labels.length + i + 1) * size);

  const chosen = () => within(model.get("member"), labels.length - 1);
  const place = () => within(model.get("frame"), count - 1);

  const choice = slider("image", labels.length - 1, (value) => tell(model, "member", value));
  const distance = slider("distance", count - 1, (value) => tell(model, "frame", value));
  const readout = h("output", { className: "fp-readout" });

  // Side by side: the image, moved in each direction.
  const side = PICTURE / Math.max(rows, columns);
  const pictures = names.map((name, d) => {
    const cells = Array.from({ length: pixels }, (_, j) => s("rect", {
      x: (j % columns) * side, y: 16 + Math.floor(j / columns) * side, width: side + 0.4, height: side + 0.4,
    }));
    const heading = text(0, 11, "start");
    return { cells, heading, group: s("g", { transform: `translate(${d * (PICTURE + 40)},0)` }, heading, ...cells) };
  });
  const wide = names.length * (PICTURE + 40);
  const strip = s("svg", { class: "fp-line-images", width: wide, height: PICTURE + 22, "aria-hidden": "true",
    fill: "currentColor", "font-size": "12" }, ...pictures.map(({ group }) => group));
  const panel = curvesPanel("margin", 240, positions, extent(margins), "distance");
  const controls = h("div", { className: "fp-controls" }, choice.element, distance.element, readout);
  const root = h("div", { className: "fp-curves fp-lines" }, controls, strip, panel.svg);

  /** @param {number} width */
  const move = (width) => {
    const [i, p] = [chosen(), place()];
    const image = images.subarray(i * pixels, (i + 1) * pixels);
    const words = pictures.map(({ cells, heading }, d) => {
      const way = part(directions, d, i, pixels);
      cells.forEach((cell, j) => {
        const ink = Math.min(1, Math.max(0, image[j] + positions[p] * way[j]));
        const grey = Math.round(255 * (1 - ink));
        cell.setAttribute("fill", `rgb(${grey},${grey},${grey})`);
      });
      heading.textContent = `${names[d]}: ${part(answers, d, i, count)[p]}`;
      return `${names[d]}: reads ${part(answers, d, i, count)[p]}, margin ${part(margins, d, i, count)[p].toFixed(2)}`;
    });
    choice.input.value = String(i);
    choice.input.setAttribute("aria-valuetext", labels[i]);
    distance.input.value = String(p);
    distance.input.setAttribute("aria-valuetext", `distance ${positions[p].toFixed(2)}`);
    readout.value = `${labels[i]}, distance ${positions[p].toFixed(2)}. ${words.join("; ")}`;
    panel.svg.setAttribute("aria-label", `Margin of the network's answer against distance. ${readout.value}.`);
    if (width) panel.move(positions[p]);
  };
  /** @param {number} width */
  const draw = (width) => {
    if (width) {
      panel.draw(width, names.map((name, d) => (
        { name, color: data.colors[d], values: part(margins, d, chosen(), count) })), 0);
    }
    move(width);
  };
  return following(model, el, root, panel.svg, { move, draw });
}

export default rebuilding(build);
