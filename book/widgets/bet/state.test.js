import assert from "node:assert/strict";
import { test } from "node:test";
import { trainer } from "../playground/trainer.js";
import { MOST_STEPS, scoreOf, shuffled, state, stepsAt } from "./state.js";

/** A bet whose host trains at once, but answers when it is told to. */
function placed() {
  const told = [];
  let [run, wanted, fresh] = [null, 0, false];
  let answer;
  const bet = state((take) => {
    answer = take;
    return {
      start(settings) { run = trainer(settings); [wanted, fresh] = [0, true]; },
      train(upTo) { wanted = upTo; },
    };
  }, (laidOut) => told.push(laidOut));
  const reply = () => {
    run.train(wanted);
    const problem = fresh ? run.problem : undefined;
    fresh = false;
    answer({ problem, snapshot: run.snapshot() });
  };
  bet.begin();
  return { bet, reply, told };
}

/** The same, with its waves there, and trained to the end after a bet. */
function decided(order) {
  const placing = placed();
  const { bet, reply } = placing;
  reply();
  order.forEach(bet.pick);
  bet.train();
  while (bet.stage === "training") {
    bet.more(40);
    reply();
  }
  return placing;
}

test("nobody can bet before the waves are there", () => {
  const { bet, reply, told } = placed();
  bet.pick(0);
  assert.deepEqual([bet.bet, bet.complete()], [[], false]);
  reply();
  assert.deepEqual([told, bet.waves.map(({ k }) => k)], [[true], [1, 3, 5]]);
});

test("the last wave has no choice, and to press it does nothing", () => {
  const { bet, reply } = placed();
  reply();
  [2, 0, 1, 1].forEach(bet.pick);
  assert.deepEqual([bet.bet, bet.complete()], [[2, 0, 1], true]);
});

test("a wave that is pressed again is taken out, and so is the one that had no choice", () => {
  const { bet, reply } = placed();
  reply();
  bet.pick(2);
  assert.deepEqual([bet.bet, bet.complete()], [[2], false]);
  bet.pick(0);
  assert.deepEqual([bet.bet, bet.complete()], [[2, 0, 1], true]);
  bet.pick(2);
  assert.deepEqual([bet.bet, bet.complete()], [[0], false]);
  bet.pick(2);
  assert.deepEqual(bet.bet, [0, 2, 1]);
});

test("nothing is trained before the bet is complete", () => {
  const { bet, reply } = placed();
  reply();
  bet.pick(1);
  bet.train();
  bet.more(1000);
  assert.deepEqual([bet.stage, bet.snapshot.step], ["betting", 0]);
});

test("a bet on slow before fast wins on equal waves, and one against it loses", () => {
  const { bet } = decided([0, 1]);
  assert.deepEqual(bet.score(), { right: 3, decided: 3 });
  assert.deepEqual(decided([2, 1]).bet.score(), { right: 0, decided: 3 });
  const learned = bet.learned();
  assert.deepEqual([...learned].sort((a, b) => a - b), learned);
  bet.shares().forEach((share) => assert.ok(share > 0.8));
});

test("a bet that is being decided stays as it is", () => {
  const { bet, reply } = placed();
  reply();
  [0, 1].forEach(bet.pick);
  bet.train();
  bet.pick(0);
  bet.train();
  assert.deepEqual([bet.bet, bet.stage], [[0, 1, 2], "training"]);
});

test("one question at a time, and a hidden page does not jump ahead", () => {
  const { bet, reply } = placed();
  reply();
  [0, 1].forEach(bet.pick);
  bet.train();
  bet.more(60_000);
  bet.more(60_000);
  reply();
  assert.equal(bet.snapshot.step, stepsAt(50));
});

test("trying again is another network on other phases; another curve is another bet", () => {
  const { bet, reply } = decided([0, 1]);
  const [before, output] = [bet.waves[0].phase, bet.snapshot.outputs];
  bet.again();
  reply();
  assert.deepEqual([bet.stage, bet.bet, bet.snapshot.step], ["betting", [], 0]);
  assert.notEqual(bet.waves[0].phase, before);
  assert.notDeepEqual(bet.snapshot.outputs, output);
  bet.choose("staircase");
  reply();
  assert.deepEqual([bet.curve, bet.stage, bet.waves.length], ["staircase", "betting", 3]);
});

test("what is drawn is bet on", () => {
  const { bet, reply } = placed();
  bet.choose("drawn");
  reply();
  assert.deepEqual([bet.waves, bet.complete()], [[], false]);
  bet.draw(bet.drawing.map((_, i) => Math.sin(i) + Math.cos(i / 3)));
  reply();
  assert.ok(bet.waves.length > 1);
});

test("pairs that neither wave won are not counted", () => {
  assert.deepEqual(scoreOf([0, 1, 2], [10, 20, 30]), { right: 3, decided: 3 });
  assert.deepEqual(scoreOf([1, 0, 2], [10, 20, 30]), { right: 2, decided: 3 });
  assert.deepEqual(scoreOf([0, 1, 2], [10, 10, null]), { right: 2, decided: 2 });
  assert.deepEqual(scoreOf([2, 1, 0], [10, null, null]), { right: 0, decided: 2 });
});

test("the layout is a permutation, and does not always begin with the slowest wave", () => {
  const layouts = Array.from({ length: 20 }, (_, seed) => shuffled(3, seed));
  layouts.forEach((layout) => assert.deepEqual([...layout].sort(), [0, 1, 2]));
  assert.deepEqual(new Set(layouts.map(([first]) => first)), new Set([0, 1, 2]));
});

test("training begins slowly, goes faster, and ends", () => {
  assert.equal(stepsAt(0), 0);
  assert.ok(stepsAt(1000) < stepsAt(2000) / 2);
  assert.equal(stepsAt(60_000), MOST_STEPS);
});
