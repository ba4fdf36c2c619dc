/**
 * Trains beside the page.  It is told where to train to, and answers every such
 * message with one snapshot; it goes on for a moment after that, so that no time
 * is lost until the page asks again.  When the page stops asking, it stops.
 *
 * @typedef {{settings: import("./trainer.js").Settings} | {upTo: number}} Order
 */
import { trainer } from "./trainer.js";

const SLICE = 4; // milliseconds of training between two looks for messages
const PATIENCE = 100; // milliseconds to go on when the page does not ask

/** @type {ReturnType<typeof trainer>} */
let run;
let [upTo, until] = [0, 0];
let [asked, working] = [false, false];

const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  working = run.train(upTo, SLICE) && performance.now() < until;
  if (asked) postMessage({ snapshot: run.snapshot() });
  asked = false;
  if (working) port2.postMessage(null);
};

/** @param {MessageEvent<Order>} event */
onmessage = ({ data }) => {
  if ("settings" in data) {
    run = trainer(data.settings);
    upTo = 0;
    postMessage({ problem: run.problem, snapshot: run.snapshot() });
    return;
  }
  upTo = data.upTo;
  until = performance.now() + PATIENCE;
  asked = true;
  if (!working) port2.postMessage(null);
  working = true;
};
