/** Shows the answer of a model. */

import { element, shape } from "../dom.js";

/** Most classes that get a bar. */
const MOST_BARS = 12;
/** Decimals of a number whose model does not say how many it has. */
const DECIMALS = 2;
/** Most weights that are listed. */
const MOST_WEIGHTS = 12;

/**
 * The place where answers are shown.
 *
 * @param {object} description what the model says of itself
 * @param {{ order?: "as-listed" | "best-first" }} [options] in which order classes stand
 * @returns {{ box: HTMLElement, show: (answer: object) => void, clear: (text?: string) => void }}
 */
export function answerBox(description, { order = "best-first" } = {}) {
  const { classes, number } = description.output;
  const head = element("p", { class: "big", "data-answer": "" });
  // A screen reader is told the answer when it has settled, not at every stroke.
  const spoken = element("p", { class: "hidden", role: "status" });
  const body = element("div");
  const remarks = element("div");
  const box = element("div", { class: "box" }, head, spoken, body, remarks);
  let timer;
  const say = (text) => {
    head.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      spoken.textContent = text;
    }, 700);
  };
  const bars = classes && classBars(classes, order, body);
  return {
    box,
    show(answer) {
      if (bars) {
        bars(answer);
        say(answer.class);
      } else {
        say(`${number.name}: ${answer[number.name].toFixed(number.decimals ?? DECIMALS)}`);
        body.replaceChildren(intervalOf(answer, number));
      }
      remarks.replaceChildren(...remarksOf(answer), ...explanationOf(answer));
    },
    clear(text = "") {
      say(text);
      bars?.();
      if (!bars) {
        body.replaceChildren();
      }
      remarks.replaceChildren();
    },
  };
}

/** Bars for the classes. They are made once when all are shown in their order, because they change at every stroke. */
function classBars(classes, order, body) {
  const isFixed = order === "as-listed" && classes.length <= MOST_BARS;
  const rows = (isFixed ? classes : classes.slice(0, MOST_BARS)).map((name) => barRow(name));
  const grid = element("div", { class: "bars", role: "list", "aria-label": "Probabilities" }, ...rows.map(({ row }) => row));
  const rest = element("p", { class: "small" });
  body.replaceChildren(grid, rest);
  return (answer) => {
    let shares = classes.map((name) => [name, answer?.probabilities[name] ?? 0]);
    if (!isFixed && answer) {
      shares.sort((one, other) => other[1] - one[1]);
    }
    const others = shares.slice(rows.length);
    rest.textContent = others.length > 0 ? `${others.length} more classes share the rest.` : "";
    shares = shares.slice(0, rows.length);
    rows.forEach((row, place) => row.set(...shares[place], answer && shares[place][0] === answer.class));
  };
}

function barRow(text) {
  const name = element("span", { class: "name" }, text);
  const { bar, set } = track("best");
  const share = element("span", { class: "share" });
  const row = element("span", { class: "row", role: "listitem" }, name, bar, share);
  return {
    row,
    set(label, value, isFirst) {
      name.textContent = label;
      name.classList.toggle("first", Boolean(isFirst));
      set(value, isFirst);
      share.textContent = percent(value);
    },
  };
}

/** A bar from 0 to 1. */
function track(marked) {
  const rect = shape("rect", { height: 10, width: 0 });
  const bar = shape("svg", { class: "track", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" }, rect);
  return {
    bar,
    set(value, isMarked) {
      rect.setAttribute("width", Math.round(1000 * value));
      rect.classList.toggle(marked, Boolean(isMarked));
    },
  };
}

/** The number on a scale, with its interval. */
function intervalOf(answer, number) {
  const value = answer[number.name];
  const { coverage, low, high } = answer.interval;
  const shown = (end) => end.toFixed(number.decimals ?? DECIMALS);
  const text = element("p", {}, `${shown(low)} to ${shown(high)} holds the true number in ${Math.round(100 * coverage)} of 100 cases.`);
  const width = high - low || Math.abs(value) || 1;
  const [start, end] = [low - width / 2, high + width / 2];
  const x = (at) => 16 + (368 * (at - start)) / (end - start);
  const label = (at) => shape("text", { x: x(at), y: 46, "text-anchor": "middle" }, shown(at));
  const picture = shape(
    "svg",
    { class: "scale", viewBox: "0 0 400 52", "aria-hidden": "true" },
    shape("line", { class: "rail", x1: 8, x2: 392, y1: 18, y2: 18 }),
    shape("line", { class: "interval", x1: x(low), x2: x(high), y1: 18, y2: 18, "stroke-width": 12, "stroke-linecap": "round" }),
    shape("circle", { class: "point", cx: x(value), cy: 18, r: 8 }),
    label(low),
    label(high),
  );
  return element("div", {}, text, picture);
}

function remarksOf(answer) {
  const lists = [
    [answer.outside, "outside of what the model learnt from: be careful with the answer"],
    [answer.unseen, "a word that the model has not seen: it counts as unknown"],
    [answer.missing, "no value, which the model never saw in training"],
  ];
  const remarks = lists.filter(([fields]) => fields?.length > 0).map(([fields, text]) => `${fields.join(", ")}: ${text}.`);
  if (answer.unread_words) {
    remarks.push(`The text is long: ${answer.unread_words} words at its end are not read.`);
  }
  return remarks.map((text) => element("p", { class: "remark" }, text));
}

/** What weighed most, as bars to both sides. */
function explanationOf(answer) {
  const weights = (answer.explanation ?? []).slice(0, MOST_WEIGHTS);
  if (weights.length === 0) {
    return [];
  }
  const largest = Math.max(...weights.map(({ weight }) => Math.abs(weight)), 1e-9);
  const items = weights.map(({ field, word, weight }) => {
    const { bar, set } = track(weight < 0 ? "against" : "for");
    set(Math.abs(weight) / largest, true);
    return element(
      "li",
      {},
      element("span", { class: "name" }, field ?? word),
      bar,
      element("span", { class: "share" }, `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`),
    );
  });
  return [
    element("h3", {}, "What weighed most"),
    element("p", { class: "small" }, "Plus speaks for the answer, minus against it."),
    element("ul", { class: "weights" }, ...items),
  ];
}

/** A number as people read it. */
export function format(value) {
  return Number(value).toLocaleString("en", { maximumSignificantDigits: 5, useGrouping: Math.abs(value) >= 10_000 });
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
