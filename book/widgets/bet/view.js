/**
 * What a bet looks like: the curve and the network, the waves as buttons with a bar each, and
 * what came out.
 *
 * @typedef {import("./curves.js").Name} Name
 * @typedef {import("./curves.js").Wave} Wave
 * @typedef {ReturnType<typeof import("./state.js").state>} Bet
 */
import { h, integer, linePath, percent, s, scale, widthOf } from "../shared/charts.js";
import { fitPanel } from "../shared/panels.js";
import { drawing } from "../playground/drawing.js";
import { interleave, task } from "../playground/panels.js";
import { THRESHOLD } from "../playground/trainer.js";
import { CURVES } from "./curves.js";
import { PLACES, SHORT, outcome, scored } from "./words.js";

const [WIDE, HIGH, POINTS] = [120, 40, 121]; // of the small drawing of a wave

/** A wave on its own; all of a curve have one scale. @param {Wave} wave @param {number} highest */
function small({ k, height, phase }, highest) {
  const t = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1));
  const path = linePath(t, t.map((at) => height * Math.cos(2 * Math.PI * k * at + phase)),
    scale([0, 1], [2, WIDE - 2]), scale([-highest, highest], [HIGH - 3, 3]));
  return s("svg", { class: "fp-bet-wave", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    s("path", { class: "fp-error-line", d: path, "vector-effect": "non-scaling-stroke" }));
}

/** One wave: its button, and the bar that fills.
 * @param {Wave} wave @param {number} highest @param {string} color @param {() => void} pick */
function row(wave, highest, color, pick) {
  const place = h("span", { className: "fp-bet-place" });
  const fill = h("span", { className: "fp-bet-fill" });
  const mark = h("span", { className: "fp-bet-mark" });
  const note = h("span", { className: "fp-bet-note" });
  const button = h("button", { type: "button", className: "fp-bet-pick" }, place, small(wave, highest));
  button.addEventListener("click", pick);
  const element = h("li", { className: "fp-bet-row" }, button,
    h("span", { className: "fp-bet-k" }, `k = ${wave.k}`),
    h("span", { className: "fp-bet-bar" }, fill, mark), note);
  element.style.setProperty("--fp-peak", color);
  mark.style.left = `${100 * (1 - THRESHOLD)}%`;
  return {
    element,
    /** @param {number} at  its place in the bet, -1: none @param {boolean} open  whether one can bet */
    bet(at, open) {
      place.textContent = at < 0 ? "?" : String(at + 1);
      button.setAttribute("aria-pressed", String(at >= 0));
      button.setAttribute("aria-disabled", String(!open));
      button.setAttribute("aria-label", `wave k = ${wave.k}: ${at < 0 ? "no place yet" : `your bet, ${PLACES[at]}`}`);
    },
    /** @param {number} share  that is learned @param {string} words */
    fill(share, words) {
      fill.style.width = `${100 * share}%`;
      note.textContent = words;
      element.classList.toggle("fp-bet-learned", words !== "");
    },
  };
}

/** @param {string[]} colors  of the waves, slow ones first @param {Bet} actions @param {() => number[]} drawn */
export function view(colors, actions, drawn) {
  /** @param {string} words @param {() => void} action */
  const button = (words, action, className = "fp-again") => {
    const element = h("button", { type: "button", className }, words);
    element.addEventListener("click", action);
    return element;
  };
  const choices = /** @type {Name[]} */ (Object.keys(CURVES)).map((name) => (
    { name, element: button(CURVES[name].label, () => actions.choose(name)) }));
  const group = h("div", { className: "fp-controls fp-bet-curves" }, ...choices.map(({ element }) => element));
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Curve");
  const fit = fitPanel();
  const canvas = drawing(fit, drawn, actions.draw);
  const question = h("p", { className: "fp-bet-question" });
  const list = h("ul", { className: "fp-bet-rows" });
  const key = h("p", { className: "fp-bet-key" },
    `A bar fills as its wave is learned; at the mark its error is ${percent(THRESHOLD).replace(" ", "\u00a0")}. It may fall back.`);
  // One button, so that the keyboard's focus stays when its words change.
  const go = button("Train", () => (actions.stage === "done" ? actions.again() : actions.train()), "fp-again fp-bet-go");
  const said = h("p", { className: "fp-bet-said" });
  said.setAttribute("role", "status");
  const body = h("div", { className: "fp-bet-body" }, canvas.element,
    h("div", {}, question, list, key, h("div", { className: "fp-controls" }, go)));
  const root = h("div", { className: "fp-bet" }, group, body, said);
  root.dataset.lmSuppressShortcuts = "true"; // arrow keys here are not a notebook's shortcuts

  /** @type {ReturnType<typeof row>[]} */
  let rows = [];
  let width = 0;

  /** @param {Bet} bet */
  const asked = ({ stage, waves, curve, bet: order, complete }) => {
    if (waves.length < 2) {
      return curve === "drawn" ? "Draw a curve with ups and downs in the panel." : "";
    }
    if (stage === "done") return "What the network learned:";
    if (stage === "training") return "The network learns …";
    if (complete()) return "Your bet stands. Train the network.";
    return order.length ? `Which one comes ${PLACES[order.length]}?` : "Which wave does the network learn first? Press it.";
  };

  /** @param {Bet} bet */
  const results = (bet) => {
    const learned = bet.learned();
    const shares = bet.shares();
    const order = learned.map((step, i) => ({ step, i })).filter(({ step }) => step !== null)
      .sort((a, b) => Number(a.step) - Number(b.step)).map(({ i }) => i);
    rows.forEach((shown, i) => shown.fill(bet.stage === "betting" ? 0 : shares[i],
      bet.stage === "betting" || learned[i] === null ? "" : `${SHORT[order.indexOf(i)]}, step ${integer(Number(learned[i]))}`));
    if (bet.stage !== "done") said.replaceChildren();
    else if (!said.textContent) {
      said.append(h("strong", {}, scored(bet.score())), ` ${outcome(bet.curve, bet.waves, learned)}`);
    }
  };

  return {
    root, grid: body,
    /** The waves of another curve. @param {Bet} bet */
    layOut({ waves, layout }) {
      width = 0;
      const highest = Math.max(...waves.map(({ height }) => height));
      rows = waves.map((wave, i) => row(wave, highest, colors[i], () => actions.pick(i)));
      list.replaceChildren(...layout.map((i) => rows[i].element));
    },
    /** What one can press. @param {Bet} bet */
    controls(bet) {
      choices.forEach(({ name, element }) => element.setAttribute("aria-pressed", String(name === bet.curve)));
      question.textContent = asked(bet);
      rows.forEach((shown, i) => shown.bet(bet.bet.indexOf(i), bet.stage === "betting"));
      go.textContent = bet.stage === "done" ? "Try again" : "Train";
      // Not `disabled`, which would take the focus away.
      go.setAttribute("aria-disabled", String(bet.stage === "training" || !bet.complete()));
    },
    /** The network now. @param {Bet} bet */
    draw(bet) {
      const { problem, snapshot } = bet;
      const measured = widthOf(fit.svg);
      if (!measured || !problem) return;
      if (measured !== width) {
        width = measured;
        fit.draw(width, task(problem, colors));
        canvas.show(bet.curve === "drawn");
      }
      const now = { ...snapshot, outputs: interleave(snapshot.outputs, snapshot.testOutputs) };
      fit.move(now);
      if (bet.stage !== "training") fit.svg.setAttribute("aria-label", fit.describe(now));
      results(bet);
    },
  };
}
