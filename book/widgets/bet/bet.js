/**
 * Bet first: which wave of a curve will a network learn first?  `state.js` has the bet,
 * `view.js` what it looks like; here they meet, frame by frame.
 *
 * The network is trained by the playground's trainer, in its worker.
 *
 * @typedef {{colors: string[]}} Data  of the waves, slow ones first
 * @typedef {import("../shared/rebuilding.js").Model<{data: Data}>} Model
 */
import { host } from "../playground/host.js";
import { rebuilding } from "../shared/rebuilding.js";
import { state } from "./state.js";
import { view } from "./view.js";

const REDUCED = 500; // milliseconds between two drawings, where a reader wants little motion

/** @param {Model} model @param {HTMLElement} el @returns {() => void} its removal */
function build(model, el) {
  const { colors } = model.get("data");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let [request, before, drawnAt] = [0, 0, 0];
  /** @type {ReturnType<typeof host>} */
  let engine;

  const bet = state((answer) => {
    engine = host(answer, () => {});
    return engine;
  }, (laidOut) => {
    if (laidOut) shown.layOut(bet);
    shown.controls(bet);
    schedule();
  });
  const shown = view(colors, bet, () => bet.drawing);

  const schedule = () => { request ||= requestAnimationFrame(frame); };

  /** @param {number} now */
  function frame(now) {
    request = 0;
    if (bet.stage !== "training" || !calm || now - drawnAt > REDUCED) {
      drawnAt = now;
      shown.draw(bet);
    }
    bet.more(before ? now - before : 0);
    before = bet.stage === "training" ? now : 0;
    if (before) schedule();
  }

  const observer = new ResizeObserver(schedule);
  el.append(shown.root);
  observer.observe(shown.grid);
  bet.begin();
  return () => {
    cancelAnimationFrame(request);
    observer.disconnect();
    engine.remove();
    shown.root.remove();
  };
}

export default rebuilding(build);
