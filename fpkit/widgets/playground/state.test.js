import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, MOST_STEPS, PRESETS } from "./parameters.js";
import { presetOf, slower, state, whyFlat } from "./state.js";

/** A playground whose host trains when it is told to answer. */
function played({ modes = [1, 3], diverges = Infinity } = {}) {
  const [asked, told] = [[], []];
  let [at, wanted, fresh] = [0, 0, false];
  /** @type {(answer: any) => void} */
  let answer;
  const run = state((take) => {
    answer = take;
    return {
      start(settings) { asked.push(settings); [at, wanted, fresh] = [0, 0, true]; },
      train(upTo) { asked.push(upTo); wanted = upTo; },
    };
  }, {
    begun: () => told.push("begun"),
    turned: (playing) => told.push(playing ? "on" : "off"),
    answered: (problem) => told.push(problem ? "problem" : "answer"),
  });
  const train = () => {
    at = Math.max(at, Math.min(wanted, diverges));
    const problem = fresh ? { modes } : undefined;
    fresh = false;
    answer({ problem, snapshot: { step: at, diverged: at >= diverges, learned: modes.map((k) => (at >= 10 * k ? at : null)) } });
  };
  run.use(DEFAULTS);
  return { run, train, asked, told };
}

test("a run begins when it is told its settings", () => {
  const { run, train, asked, told } = played();
  assert.equal(run.problem, undefined);
  train();
  assert.deepEqual([asked, told, run.ready()], [[DEFAULTS], ["begun", "problem"], true]);
});

test("it goes on while it plays, one question at a time", () => {
  const { run, train, asked } = played();
  train();
  run.more(10);
  assert.equal(asked.length, 1, "it does not play");
  run.start();
  run.more(10);
  run.more(10);
  assert.deepEqual(asked.slice(1), [10]);
  train();
  run.more(Infinity);
  assert.deepEqual(asked.slice(1), [10, MOST_STEPS]);
});

test("a pause asks where the run is", () => {
  const { run, train, asked, told } = played();
  train();
  run.start();
  run.pause();
  run.pause();
  assert.deepEqual([asked.slice(1), told.slice(2)], [[0], ["on", "off"]]);
});

test("a single step", () => {
  const { run, train, asked } = played();
  train();
  run.step();
  train();
  run.step();
  assert.deepEqual(asked.slice(1), [1, 2]);
});

test("steps that an address asks for are made, and no more", () => {
  const { run, train, asked } = played();
  run.use(DEFAULTS, 60);
  train();
  run.more(Infinity);
  train();
  assert.deepEqual([run.snapshot.step, run.playing, asked.slice(-2)], [60, false, [60, 0]]);
  run.start();
  train();
  run.more(Infinity);
  assert.equal(asked.at(-1), MOST_STEPS);
});

test("no run is longer than the longest", () => {
  const { run, train } = played();
  run.use(DEFAULTS, MOST_STEPS);
  train();
  run.more(Infinity);
  train();
  assert.equal(run.ready(), false);
  run.start();
  assert.equal(run.playing, false);
});

test("what diverges stops; a change begins anew and goes on when asked", () => {
  const { run, train } = played({ diverges: 5 });
  train();
  run.start();
  run.more(10);
  train();
  assert.deepEqual([run.playing, run.ready(), run.snapshot.diverged], [false, false, true]);
  run.change({ lr: slower(run.settings) });
  run.start();
  assert.deepEqual([run.playing, run.settings.lr], [true, 0.0003]);
});

test("a change goes on where it plays, a reset stops", () => {
  const { run, train } = played();
  train();
  run.start();
  run.change({ width: 3 });
  assert.equal(run.playing, true);
  run.reset();
  assert.deepEqual([run.playing, run.settings.width], [false, 3]);
});

test("where there is no frequency there is nothing to start", () => {
  const { run, train } = played({ modes: [] });
  run.start();
  assert.equal(run.playing, true, "it is not known yet");
  train();
  assert.equal(run.playing, false);
  run.start();
  assert.equal(run.playing, false);
});

test("the noisy sine brings its noise, unless there is some, and takes it away", () => {
  const { run } = played();
  /** @param {object} changes */
  const noise = (changes) => { run.change(changes); return run.settings.noise; };
  assert.equal(noise({ target: "sine" }), 0.3);
  assert.equal(noise({ target: "equal" }), 0);
  assert.equal(noise({ target: "sine" }), 0.3);
  assert.equal(noise({ noise: 0.5 }), 0.5);
  assert.equal(noise({ target: "equal" }), 0.5, "it is the reader's now");
  run.use({ ...DEFAULTS, noise: 0.1 });
  assert.equal(noise({ target: "sine" }), 0.1);
});

test("examples are known by their settings", () => {
  for (const [name, changes] of Object.entries(PRESETS)) assert.equal(presetOf({ ...DEFAULTS, ...changes }), name);
  assert.equal(presetOf({ ...DEFAULTS, seed: 7 }), "");
  assert.equal(presetOf({ ...DEFAULTS, target: "drawn", width: 5 }), "draw your own");
});

test("a learning rate that is slower, down to the smallest", () => {
  assert.deepEqual([1, 0.003, 2e-5].map((lr) => slower({ ...DEFAULTS, lr })), [0.1, 0.0003, 1e-5]);
});

test("why there is nothing to learn", () => {
  assert.match(whyFlat(DEFAULTS), /constant/);
  assert.match(whyFlat({ ...DEFAULTS, target: "drawn" }), /Nothing is drawn yet/);
  assert.match(whyFlat({ ...DEFAULTS, target: "drawn", drawing: [0, 1] }), /no clear peak/);
});

test("it pauses when all is learned, if that is wanted, and goes on when it is started again", () => {
  const { run, train } = played();
  train();
  run.start();
  for (const [steps, playing] of [[20, true], [20, false]]) {
    run.more(steps, true);
    train();
    assert.equal(run.playing, playing);
  }
  train(); // the answer to the pause
  run.start();
  run.more(20, true);
  train();
  assert.deepEqual([run.playing, run.snapshot.step], [true, 60]);
});
