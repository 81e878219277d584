/** The form of a model, which builds itself from the model's description. */

import { element } from "../dom.js";
import { answerBox } from "./answer.js";
import { pictureInput } from "./picture.js";
import { tableInput } from "./table.js";
import { textInput } from "./text.js";
import { trustPanel } from "./trust.js";

/** An answer that stays in sight while a long form moves. It may have to be scrolled itself, by keyboard too. */
const IN_SIGHT = { class: "answer-side in-sight", tabindex: 0, role: "group", "aria-label": "Answer" };

/**
 * A form and the answers to it.
 *
 * @param {{ model: object, bytes?: number, file?: string, source?: Uint8Array }} opened
 * @param {{ title?: string, heading?: string }} [options] `title`: in place of the model's name; `heading`: the element of
 *   the title
 * @returns {HTMLElement}
 */
export function modelForm(opened, { title, heading = "h2" } = {}) {
  const { model } = opened;
  const description = model.describe();
  const answers = answerBox(description);
  const ask = (value, options) => {
    try {
      const answer = model.predict(value, options);
      answers.show(answer);
      return { answer };
    } catch (error) {
      answers.clear();
      return { error };
    }
  };
  const { table, columns, text } = description.input;
  const isTable = Boolean(table || columns);
  const make = isTable ? tableInput : text ? textInput : pictureInput;
  const form = make({ ...opened, ask, clear: answers.clear });
  return element(
    "div",
    {},
    element(heading, {}, title ?? description.name),
    element("p", {}, description.about),
    element("div", { class: "sides" }, form, element("div", isTable ? IN_SIGHT : { class: "answer-side" }, answers.box)),
    trustPanel(opened),
  );
}
