/** A module of the visitor's own. */

import { element, errorBox, newest } from "../dom.js";
import { dropPlace } from "../sandbox/files.js";
import { modelForm } from "./form.js";
import { openModule } from "./open.js";

/** The part of the page. */
export function view() {
  const problem = errorBox();
  const form = element("div");
  const question = newest();
  const give = async ([file]) => {
    const isNewest = question();
    problem.show();
    form.replaceChildren(element("p", { role: "status" }, `Opening ${file.name}…`));
    try {
      const opened = await openModule(new Uint8Array(await file.arrayBuffer()), file.name);
      if (isNewest()) {
        form.replaceChildren(modelForm(opened));
      }
    } catch (error) {
      if (isNewest()) {
        form.replaceChildren();
        problem.show(`${file.name}: ${error.message}`);
      }
    }
  };
  return element(
    "div",
    {},
    element("h2", {}, "Your module"),
    element("p", {}, "Open a module that a trainer or ", element("code", {}, "pack"), " has made, of a table, texts or pictures. It gets a form of its own."),
    dropPlace({
      text: "Drop a file such as heart-inference.wasm.",
      button: "Choose a module",
      accept: ".wasm,application/wasm",
      give,
      fail: problem.show,
    }),
    problem.box,
    form,
  );
}
