/** A form for texts, which shows the words that weighed. */

import { element, errorBox, freshId } from "../dom.js";

/** Most characters of a text that are shown with marks. */
const MOST_SHOWN = 5000;
/** Letters, digits and marks that belong to a word. */
const WORD = /[\p{L}\p{N}\p{M}'’]+/gu;

/**
 * @param {{ model: object, ask: (value: object, options?: object) => { error?: Error, answer?: object }, clear: (text?: string) => void }} options
 * @returns {HTMLElement}
 */
export function textInput({ model, ask, clear }) {
  const description = model.describe();
  const example = description.example ? JSON.parse(description.example) : {};
  const problem = errorBox();
  const marked = element("div", { class: "marked" });
  let planned = 0;
  const change = () => {
    planned = 0;
    const value = Object.fromEntries(parts.map(({ name, node }) => [name, node.value]));
    if (Object.values(value).every((text) => text.trim() === "")) {
      problem.show();
      marked.replaceChildren();
      clear("Enter a text.");
      return;
    }
    const { answer, error } = ask(value, { explain: true });
    problem.show(error);
    marked.replaceChildren(...(answer ? highlighted(Object.values(value), answer.explanation ?? []) : []));
  };
  // Once for each picture of the screen, however fast somebody types.
  const plan = () => (planned ||= requestAnimationFrame(change));
  const parts = model.fields.map((part, place) => {
    const id = freshId("part");
    const node = element("textarea", { id, rows: place + 1 < model.fields.length ? 2 : 6, input: plan });
    node.value = example[part.name] ?? "";
    const row = element(
      "div",
      { class: "field" },
      element("label", { for: id }, part.name),
      element("span", { class: "about" }, part.description),
      node,
    );
    return { name: part.name, node, row };
  });
  const form = element(
    "form",
    { submit: (event) => event.preventDefault() },
    ...parts.map(({ row }) => row),
    problem.box,
    element("h3", {}, "The words that weighed"),
    element("p", { class: "small" }, "A line below a word speaks for the answer, a dotted line against it."),
    marked,
  );
  change();
  return form;
}

/** The texts, with the words that are in `explanation` marked. */
function highlighted(texts, explanation) {
  const weights = new Map();
  for (const { word, weight } of explanation) {
    if (word !== undefined) {
      for (const [part] of word.matchAll(WORD)) {
        const key = part.toLowerCase();
        weights.set(key, Math.abs(weights.get(key) ?? 0) > Math.abs(weight) ? weights.get(key) : weight);
      }
    }
  }
  const largest = [...weights.values()].reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const shown = texts.filter((text) => text.trim() !== "").map((text) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text));
  return shown.map((text) => element("p", {}, ...pieces(text, weights, largest)));
}

function pieces(text, weights, largest) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    const weight = weights.get(match[0].toLowerCase());
    if (weight === undefined || weight === 0) {
      continue;
    }
    nodes.push(text.slice(end, match.index));
    const strength = Math.ceil((3 * Math.abs(weight)) / largest);
    const side = weight < 0 ? "against" : "for";
    nodes.push(element("mark", { class: `${side}-${strength}`, title: weight.toFixed(2) }, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}
