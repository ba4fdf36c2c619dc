/**
 * Where the training runs: in a worker, or, where none can be made, in short
 * slices between two frames of the page.
 *
 * @typedef {import("./trainer.js").Settings} Settings
 * @typedef {{problem?: import("./trainer.js").Problem, snapshot: import("./trainer.js").Snapshot}} Answer
 * @typedef {{start(settings: Settings): void, train(upTo: number): void, remove(): void}} Host
 *   `start` begins a run, `train` asks for training up to a step.  Both are
 *   answered once; answers that belong to an earlier run are left out.
 */
import { trainer } from "./trainer.js";

const SLICE = 8; // milliseconds of a frame, without a worker

/** @param {(answer: Answer) => void} answer @param {() => void} onFallback  no worker here
 * @returns {Host} */
export function host(answer, onFallback) {
  /** @type {Settings} */
  let settings;
  let starting = 0; // starts that are not answered yet
  /** @type {Host | null} */
  let local = null;
  /** @type {Worker | null} */
  let worker = null;

  const fallBack = () => {
    worker?.terminate();
    worker = null;
    local = slices(answer);
    onFallback();
    if (settings) local.start(settings);
  };
  try {
    worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.problem) starting -= 1;
      if (!starting) answer(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      fallBack();
    };
  } catch {
    fallBack();
  }
  return {
    start(next) {
      settings = next;
      if (local) return local.start(settings);
      starting += 1;
      worker?.postMessage({ settings });
    },
    train(upTo) {
      if (local) local.train(upTo);
      else worker?.postMessage({ upTo });
    },
    remove() {
      worker?.terminate();
    },
  };
}

/** @param {(answer: Answer) => void} answer @returns {Host} */
function slices(answer) {
  /** @type {ReturnType<typeof trainer>} */
  let run;
  return {
    start(settings) {
      run = trainer(settings);
      answer({ problem: run.problem, snapshot: run.snapshot() });
    },
    train(upTo) {
      run.train(upTo, SLICE);
      answer({ snapshot: run.snapshot() });
    },
    remove() {},
  };
}
