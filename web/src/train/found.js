/** Shows what was found in a table, and lets a visitor choose. */

import { counted, element, freshId } from "../dom.js";
import { format } from "../try/answer.js";

/** Most columns that are listed. */
const MOST_LISTED = 200;
const KINDS = { number: "number", category: "category", date: "date", text: "free text" };

/**
 * The columns of a table.
 *
 * @param {object} found what the trainer found in it
 * @param {{ kind: "tabular" | "texts", onChange: () => void }} options
 * @returns {{ box: HTMLElement, arguments: () => string[], showUsed: (names: string[]) => void }} `showUsed`: shows which
 *   columns the trainer learns from
 */
export function columnsFound({ rows, columns }, { kind, onChange }) {
  const isTexts = kind === "texts";
  const id = freshId("target");
  const target = element("select", { id, change: () => (update(), onChange()) }, ...columns.map(({ name }) => element("option", { value: name }, name)));
  target.value = likelyTarget(columns, isTexts);
  const listed = columns.slice(0, MOST_LISTED).map((column) => {
    const entry = { column, isWanted: undefined };
    const change = () => {
      entry.isWanted = entry.box.checked;
      onChange();
    };
    entry.box = element("input", { type: "checkbox", "aria-label": `Use ${column.name}`, change });
    return entry;
  });
  const others = () => listed.filter(({ column }) => column.name !== target.value);
  const update = () => {
    for (const { column, box } of listed) {
      // The trainer takes names between commas.
      box.disabled = column.name === target.value || column.name.includes(",");
    }
  };
  const names = (isWanted) => others().filter((entry) => entry.isWanted === isWanted).map(({ column }) => column.name);
  const option = (name, values) => (values.length > 0 ? [`--${name}=${values.join(",")}`] : []);
  update();
  if (isTexts) {
    const texts = others().filter(({ column }) => column.kind === "text");
    for (const entry of texts.length > 0 ? texts : others().slice(0, 1)) {
      entry.box.checked = entry.isWanted = true;
    }
  }
  const body = listed.map(({ column, box }) =>
    element(
      "tr",
      {},
      element("td", {}, box),
      element("th", { scope: "row" }, column.name),
      element("td", {}, KINDS[column.kind] ?? column.kind),
      element("td", { class: "number" }, column.missing || ""),
      element("td", {}, contents(column)),
    ),
  );
  const heads = [isTexts ? "Text" : "Use", "Column", "Kind", "Missing", "Values"];
  return {
    box: element(
      "div",
      {},
      element("p", {}, `${counted(rows, "row")}, ${counted(columns.length, "column")}.`),
      element("p", {}, element("label", { for: id }, isTexts ? "The column with the class: " : "The column to be predicted: "), target),
      element(
        "div",
        { class: "scroll", tabindex: 0, role: "group", "aria-label": "Columns" },
        element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))), element("tbody", {}, ...body)),
      ),
      columns.length > MOST_LISTED ? element("p", { class: "small" }, `${counted(columns.length - MOST_LISTED, "more column")} without a place in the list.`) : null,
    ),
    arguments: () => [
      `--target=${target.value}`,
      ...(isTexts ? option("text", names(true)) : [...option("drop", names(false)), ...option("keep", names(true))]),
    ],
    showUsed(used) {
      for (const { column, box, isWanted } of others()) {
        box.checked = isWanted ?? used.includes(column.name);
      }
    },
  };
}

/** A column that is usually the target: the last one that can be. */
function likelyTarget(columns, isTexts) {
  const suitable = columns.filter(({ kind, distinct }) => kind === "category" || (!isTexts && kind === "number" && distinct > 1));
  return (suitable.at(-1) ?? columns.at(-1))?.name;
}

function contents({ kind, range, counts, distinct }) {
  if (kind === "number" && range) {
    return `${format(range[0])} to ${format(range[2])}`;
  }
  if (kind === "category") {
    const words = counts.slice(0, 4).map(([word, count]) => `${word} (${count})`);
    return `${words.join(", ")}${distinct > words.length ? ` and ${distinct - words.length} more` : ""}`;
  }
  return `${distinct} different`;
}
