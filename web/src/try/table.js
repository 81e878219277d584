/** A form for the fields of a table. */

import { element, errorBox, freshId } from "../dom.js";
import { format } from "./answer.js";

/** Positions of a slider. */
const STEPS = 200;

/**
 * @param {{ model: object, ask: (value: object, options?: object) => { error?: Error, answer?: object }, clear: () => void }} options
 * @returns {HTMLElement}
 */
export function tableInput({ model, ask, clear }) {
  const description = model.describe();
  const example = description.example ? JSON.parse(description.example) : {};
  const problem = errorBox();
  let isExplaining = false;
  const change = () => {
    const given = fields.map((field) => [field.name, field.value()]).filter(([, value]) => value !== undefined);
    const empty = given.find(([, value]) => value === null);
    const { error } = empty
      ? { error: Object.assign(new Error(`Enter a value for ${empty[0]}.`), { field: empty[0] }) }
      : ask(Object.fromEntries(given), { explain: isExplaining });
    if (empty) {
      clear();
    }
    problem.show(error);
    for (const field of fields) {
      field.mark(error?.field === field.name || error?.message.includes(`\`${field.name}\``));
    }
  };
  const fields = model.fields.map((field) => makeField(plain(field), example[field.name], change));
  const reset = () => {
    for (const field of fields) {
      field.set(example[field.name]);
    }
    change();
  };
  const canExplain = Boolean(description.input.columns);
  const explain = element("input", { type: "checkbox", change: (event) => ((isExplaining = event.target.checked), change()) });
  const form = element(
    "form",
    { submit: (event) => event.preventDefault() },
    ...fields.map(({ row }) => row),
    problem.box,
    element(
      "div",
      { class: "buttons" },
      element("button", { type: "button", click: reset }, "Back to the example"),
      canExplain ? element("label", {}, explain, " Tell what weighed most") : null,
    ),
  );
  change();
  return form;
}

/** A field, whether of a fixed table or of a table of one's own. */
function plain(field) {
  const range = field.number ?? (field.minimum === undefined ? undefined : field);
  return {
    name: field.name,
    unit: field.unit,
    description: field.description,
    words: field.categories ?? field.category,
    isDate: field.date !== undefined,
    low: range?.training_minimum ?? range?.minimum,
    high: range?.training_maximum ?? range?.maximum,
    // A table of one's own takes rows with gaps, and says so where training had none.
    canMiss: "missing" in field,
    typical: field.typical?.[0],
  };
}

function makeField(field, example, change) {
  const id = freshId("field");
  const input = inputOf(field, id, change);
  const unknown = element("input", { type: "checkbox", change: () => (enable(), change()) });
  const enable = () => input.enable(!unknown.checked);
  const set = (value) => {
    unknown.checked = field.canMiss && (value === undefined || value === null);
    enable();
    input.set(value ?? field.typical);
  };
  const unit = /^(in|on|of) /.test(field.unit) ? field.unit : field.unit && `in ${field.unit}`;
  const about = [field.description, unit].filter(Boolean).join(", ");
  const row = element(
    "div",
    { class: "field" },
    element(
      "div",
      { class: "head" },
      element("div", {}, element("label", { for: id }, field.name), about ? element("span", { class: "about" }, about) : null),
      element("div", { class: "value" }, ...input.parts, field.canMiss ? element("label", { class: "unknown" }, unknown, " not known") : null),
    ),
    ...(input.below ?? []),
  );
  set(example);
  return {
    row,
    name: field.name,
    set,
    value: () => (unknown.checked ? undefined : input.value()),
    mark: (isBad) => input.mark(isBad),
  };
}

function inputOf(field, id, change) {
  if (field.words) {
    return choice(field, id, change);
  }
  return field.isDate ? box("date", field, id, change) : slider(field, id, change);
}

function choice(field, id, change) {
  const list = freshId("words");
  // Short lists are chosen from; any word can be typed into long ones.
  const isShort = field.words.length <= 30;
  const node = isShort
    ? element("select", { id, change }, ...field.words.map((word) => element("option", { value: word }, word)))
    : element("input", { id, type: "text", list, input: change });
  const words = isShort ? null : element("datalist", { id: list }, ...field.words.map((word) => element("option", { value: word })));
  const typical = field.words[field.typical];
  return {
    parts: [node, words].filter(Boolean),
    set: (value) => (node.value = typeof value === "string" ? value : (typical ?? field.words[0] ?? "")),
    value: () => node.value,
    enable: (isEnabled) => (node.disabled = !isEnabled),
    mark: (isBad) => markBad(node, isBad),
  };
}

function box(type, field, id, change) {
  const node = element("input", { id, type, input: change });
  return {
    parts: [node],
    set: (value) => (node.value = value ?? ""),
    value: () => node.value || null,
    enable: (isEnabled) => (node.disabled = !isEnabled),
    mark: (isBad) => markBad(node, isBad),
  };
}

/** A slider over the range of training, and a box that takes any number. */
function slider(field, id, change) {
  const [low, high] = [field.low ?? 0, field.high ?? 1];
  const isWhole = Number.isInteger(low) && Number.isInteger(high) && high - low > 1 && high - low <= STEPS;
  const step = isWhole ? 1 : nice((high - low || 1) / STEPS);
  const number = element("input", { id, type: "number", step: "any", input: () => ((range.value = number.value), change()) });
  const range = element("input", {
    type: "range",
    "aria-label": `${field.name}, slider`,
    min: low,
    max: high,
    step,
    input: () => ((number.value = trim(range.value)), change()),
  });
  return {
    parts: [number],
    below: [range, element("div", { class: "ends", "aria-hidden": "true" }, element("span", {}, format(low)), element("span", {}, format(high)))],
    set(value) {
      number.value = value ?? trim((low + high) / 2);
      range.value = number.value;
    },
    value: () => (number.value === "" ? null : number.valueAsNumber),
    enable(isEnabled) {
      number.disabled = range.disabled = !isEnabled;
    },
    mark: (isBad) => markBad(number, isBad),
  };
}

function markBad(node, isBad) {
  if (isBad) {
    node.setAttribute("aria-invalid", "true");
  } else {
    node.removeAttribute("aria-invalid");
  }
}

/** A step of 1, 2 or 5 and zeros, not larger than `step`. */
function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [5, 2, 1].find((factor) => factor * power <= step) ?? 1;
  return Number((factor * power).toPrecision(1));
}

/** Without the digits that come from binary fractions. */
function trim(value) {
  return Number(Number(value).toPrecision(7));
}
