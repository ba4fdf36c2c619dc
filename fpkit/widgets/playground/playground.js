/**
 * The playground: a network that is trained in the page.  `state.js` has what it
 * does, `view.js` what it looks like; here they meet, frame by frame.
 *
 * Like the scrubber it talks to a `model` and draws into an element.  In a
 * notebook the model has `parameters`, which both sides may set, and gets the
 * record of a run in `recorded` whenever it pauses.  On a page, where nobody
 * answers, the settings live in the address.  A small one, in a chapter, has a
 * link to the playground's page with its settings instead.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {{colors: string[][], parameters: Record<string, unknown>, settings: string[] | null}} Data
 *   colours for so many frequencies, what to begin with, and what can be changed (null: all)
 * @typedef {{step: number, modes: number[], learned: (number|null)[], x: number[], y: number[],
 *   output: number[], steps: number[], losses: number[], test_losses: number[], errors: number[][]}} Recorded
 * @typedef {import("../shared/rebuilding.js").Model<
 *   {data: Data, parameters?: Record<string, unknown>, recorded?: Recorded}>} Model
 */
import { fromAddress, toAddress } from "./address.js";
import { host } from "./host.js";
import { DEFAULTS, checked } from "./parameters.js";
import { state, whyFlat } from "./state.js";
import { view } from "./view.js";

const REDUCED = 500; // milliseconds between two drawings, where a reader wants little motion

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {{model: Model, el: HTMLElement}} parts @returns {() => void} its removal */
function render({ model, el }) {
  const data = model.get("data");
  const onPage = model.get("parameters") === undefined;
  const small = Boolean(data.settings); // in the middle of a chapter, which has its own address
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let drawn = false;
  let [request, writing, drawnAt] = [0, 0, 0];

  /** @param {Partial<Settings>} changes */
  const change = (changes) => {
    shown.note("address");
    run.change(changes);
  };
  const shown = view(data.colors, data.settings, small && onPage, {
    turn: () => (run.playing ? run.pause() : run.start()),
    step: () => run.step(),
    reset: () => run.reset(),
    change,
    again(changes) {
      change(changes);
      run.start();
    },
    settings: () => run.settings,
  });
  /** @type {ReturnType<typeof host>} */
  let engine;
  const run = state((answer) => {
    engine = host(answer, () => shown.note("worker", "This browser allows no worker here, so the training shares the page's thread and is slower."));
    return engine;
  }, {
    begun() {
      shown.begun(run.settings);
      publish();
    },
    turned(playing) {
      shown.turned(playing);
      if (playing) schedule();
    },
    answered(fresh) {
      drawn = false;
      if (fresh) {
        shown.note("flat", ...(run.problem?.modes.length ? [] : [whyFlat(run.settings)]));
        shown.renew();
      }
      if (!run.playing) record();
      schedule();
    },
  });

  const schedule = () => { request ||= requestAnimationFrame(frame); };

  /** One frame: draw what came, and ask for more.  So there is at most one
   * answer for a frame, and none while the page is hidden.
   * @param {number} now */
  function frame(now) {
    request = 0;
    const due = !run.playing || !calm || now - drawnAt > REDUCED;
    if (run.problem && !drawn && due) {
      drawnAt = now;
      drawn = shown.draw(run.problem, run.snapshot, { playing: run.playing, ready: run.ready() });
    }
    if (run.problem) run.more(...shown.pace(run.snapshot.step));
    if (run.playing) schedule();
  }

  // --- what others see: the address, or Python -----------------------------------

  function publish(steps = 0) {
    const { settings } = run;
    const address = toAddress(settings, steps);
    if (onPage && small) {
      shown.more.href = `../playground/playground.html${address}`;
    } else if (onPage) {
      const usual = address === toAddress(DEFAULTS) && !fromAddress(location.hash);
      clearTimeout(writing); // browsers forbid many changes of the address in a short time
      if (!usual) writing = setTimeout(() => history.replaceState(history.state, "", address), 300);
    } else if (!same(model.get("parameters"), settings)) {
      model.set("parameters", settings);
      model.save_changes();
    }
  }

  function record() {
    const { problem, snapshot } = run;
    if (!snapshot.diverged) publish(snapshot.step);
    if (onPage || !problem) return;
    const { records, learned, outputs, step } = snapshot;
    model.set("recorded", {
      step, modes: problem.modes, learned, x: [...problem.x], y: [...problem.y], output: [...outputs],
      steps: records.steps, losses: records.losses, test_losses: records.testLosses, errors: records.errors,
    });
    model.save_changes();
  }

  // --- beginning and end -----------------------------------------------------------

  /** Take settings from the address, from Python, or from the page's author. */
  const read = () => {
    const address = onPage && !small ? fromAddress(location.hash) : null;
    const { settings, notes } = address ?? checked((onPage ? data.parameters : model.get("parameters")) ?? {});
    run.use(settings, address?.steps);
    shown.note("address", ...(notes.length ? [`Some settings were not possible: ${notes.join("; ")}.`] : []));
  };
  const onAddress = () => {
    if (fromAddress(location.hash)) read();
  };
  const onParameters = () => {
    if (!same(model.get("parameters"), run.settings)) read();
  };
  const observer = new ResizeObserver(() => {
    drawn = false;
    schedule();
  });

  el.append(shown.root);
  observer.observe(shown.root);
  if (onPage && !small) addEventListener("hashchange", onAddress);
  else if (!onPage) model.on("change:parameters", onParameters);
  read();
  return () => {
    cancelAnimationFrame(request);
    clearTimeout(writing);
    observer.disconnect();
    engine.remove();
    removeEventListener("hashchange", onAddress);
    model.off("change:parameters", onParameters);
    shown.root.remove();
  };
}

export default { render };
