/** Trains a model in the page. */

import { counted, element, errorBox, freshId, newest } from "../dom.js";
import { dropPlace, pathOf } from "../sandbox/files.js";
import { Stopped } from "../sandbox/program.js";
import { columnsFound } from "./found.js";
import { Data, Training } from "./job.js";
import { curves } from "./curves.js";
import { resultOf } from "./result.js";

const KINDS = {
  tabular: {
    title: "A table",
    text: "Drop a table: CSV, JSON lines or a JSON array. The first row of a CSV names the columns.",
    button: "Choose a table",
    accept: ".csv,.tsv,.txt,.json,.jsonl,.gz,text/csv,application/json",
  },
  texts: {
    title: "Texts",
    text: "Drop texts, each with a class: CSV or JSON lines.",
    button: "Choose texts",
    accept: ".csv,.tsv,.txt,.json,.jsonl,.gz,text/csv,application/json",
  },
  images: {
    title: "Pictures",
    text: "Drop a folder that has a folder of pictures for each class.",
    button: "Choose a folder",
    isFolder: true,
  },
};
/** Families of models for tables, as the trainer calls them. */
const FAMILIES = { linear: "linear models", trees: "boosted trees", network: "a network" };
/** Epochs of each network for pictures, if the visitor chooses no other number: the trainer's own. */
const EPOCHS = "12";
/** Seconds of a stage after which it can be said how long the rest takes. */
const MEASURED = 5;

/** The part of the page. */
export async function view() {
  const place = element("div");
  const name = freshId("kind");
  let part;
  const choose = async (kind) => {
    part?.stop();
    part = kindPart(kind);
    place.replaceChildren(part.box);
    if (kind === "tabular") {
      await part.preload();
    }
  };
  const radios = Object.entries(KINDS).map(([kind, { title }]) =>
    element("label", {}, element("input", { type: "radio", name, value: kind, checked: kind === "tabular", change: () => choose(kind) }), ` ${title}`),
  );
  const section = element(
    "div",
    {},
    element("h2", {}, "Train a model"),
    element("p", {}, "The trainer runs in this page, in a thread of its own. Your data stays here."),
    element("fieldset", { class: "kinds" }, element("legend", {}, "What do you have?"), ...radios),
    place,
  );
  choose("tabular");
  return section;
}

/** The part for one kind of data. */
function kindPart(kind) {
  const problem = errorBox();
  const found = element("div");
  const question = newest();
  // What runs on other data is not asked for any more.
  let stop = () => {};
  const give = async (files) => {
    const isNewest = question();
    stop();
    problem.show();
    found.replaceChildren(element("p", { role: "status" }, "Reading…"));
    try {
      const part = await dataPart(await dataOf(kind, files));
      if (isNewest()) {
        found.replaceChildren(part.box);
        ({ stop } = part);
      }
    } catch (error) {
      if (isNewest()) {
        found.replaceChildren();
        problem.show(error);
      }
    }
  };
  const preload = async () => {
    try {
      const response = await fetch(new URL("../../data/iris.csv", import.meta.url));
      await give([new File([await response.arrayBuffer()], "iris.csv")]);
    } catch (error) {
      problem.show(error);
    }
  };
  const { text, button, accept, isFolder } = KINDS[kind];
  return { box: element("div", {}, dropPlace({ text, button, accept, isFolder, give, fail: problem.show }), problem.box, found), preload, stop: () => stop() };
}

async function dataOf(kind, files) {
  const bytes = async (file) => new Uint8Array(await file.arrayBuffer());
  if (kind !== "images") {
    const [file] = files;
    return new Data(kind, file.name, new Map([[file.name, await bytes(file)]]));
  }
  const pictures = files.filter((file) => pathOf(file).split("/").length > 2);
  if (pictures.length === 0) {
    throw new Error("no pictures in folders: expected a folder that has a folder of pictures for each class");
  }
  const entries = await Promise.all(pictures.map(async (file) => [pathOf(file), await bytes(file)]));
  return new Data(kind, pathOf(pictures[0]).split("/")[0], new Map(entries));
}

/** What was found in the data, the settings, and the training. */
async function dataPart(data) {
  const { name, kind } = data;
  const settings = settingsOf(kind);
  const training = element("div");
  const notes = element("div");
  const problem = errorBox();
  let columns;
  let stop = () => {};
  const check = async () => {
    if (kind !== "tabular") {
      return;
    }
    const asked = columns.arguments();
    const lines = await data.inspect(asked).then(
      (found) => {
        columns.showUsed(found.columns.map(({ name }) => name));
        return found.notes.map((note) => element("p", { class: "remark" }, note));
      },
      (error) => [element("p", { class: "error", role: "alert" }, error.message)],
    );
    if (columns.arguments().join() === asked.join()) {
      notes.replaceChildren(...lines);
    }
  };
  if (kind !== "images") {
    columns = columnsFound(await data.inspect([]), { kind, onChange: check });
    await check();
  }
  const start = element("button", { type: "button", class: "main", click: () => begin() }, "Train");
  const begin = () => {
    let options;
    try {
      options = [...(columns?.arguments() ?? []), ...settings.arguments()];
      problem.show();
    } catch (error) {
      problem.show(error);
      return;
    }
    const isKnown = (note) => notes.textContent.includes(note);
    const job = new Training(data, options);
    stop = () => job.stop();
    training.replaceChildren(trainingPart(job, start, isKnown));
  };
  const box = element(
    "div",
    {},
    element("h3", {}, name),
    columns?.box ?? element("p", {}, `${counted(data.files.size, "file")}.`),
    notes,
    settings.box,
    element("div", { class: "buttons" }, start),
    problem.box,
    training,
  );
  return { box, stop: () => stop() };
}

/** Settings that a visitor may change. */
function settingsOf(kind) {
  const number = (name, size, value) => element("input", { id: freshId(name), type: "text", inputmode: "numeric", size, value });
  const labelled = (text, input) => element("p", {}, element("label", { for: input.id }, text), input);
  const seed = number("seed", 20, 42);
  const epochs = number("epochs", 4, EPOCHS);
  const families = Object.entries(FAMILIES).map(([family, text]) => {
    const box = element("input", { type: "checkbox", checked: true });
    return { family, box, label: element("label", {}, box, ` ${text}`) };
  });
  const isTable = kind === "tabular";
  return {
    box: element(
      "details",
      { class: "settings" },
      element("summary", {}, "Settings"),
      labelled("Seed of every random choice: ", seed),
      kind === "images" ? labelled("Epochs of each network, fewer are faster and less accurate: ", epochs) : null,
      isTable ? element("fieldset", {}, element("legend", {}, "Try"), ...families.map(({ label }) => label)) : null,
    ),
    arguments() {
      if (!/^\d{1,19}$/.test(seed.value)) {
        throw new Error("The seed has to be a whole number from 0 on.");
      }
      if (!/^[1-9]\d{0,3}$/.test(epochs.value)) {
        throw new Error("The number of epochs has to be a whole number from 1 to 9999.");
      }
      const chosen = families.filter(({ box }) => box.checked).map(({ family }) => family);
      if (chosen.length === 0) {
        throw new Error("Choose at least one kind of model to try.");
      }
      const isChosen = isTable && chosen.length < families.length;
      return [
        ...(seed.value === "42" ? [] : [`--seed=${seed.value}`]),
        ...(epochs.value === EPOCHS ? [] : [`--epochs=${epochs.value}`]),
        ...(isChosen ? [`--models=${chosen.join(",")}`] : []),
      ];
    },
  };
}

/** A training that runs. `isKnown` tells whether a note has been shown before. */
function trainingPart(training, start, isKnown) {
  const problem = errorBox();
  const bar = element("progress", { "aria-label": "Progress of this stage", max: 1 });
  const stage = element("p", { role: "status" }, "Loading the trainer…");
  const left = element("p");
  let leftOf;
  const notes = element("div");
  const chart = curves();
  const result = element("div");
  const stop = element("button", { type: "button", click: () => training.stop() }, "Stop");
  const resume = element("button", { type: "button", hidden: true, click: () => run() }, "Go on");
  const box = element("div", { class: "training" }, stage, bar, left, element("div", { class: "buttons" }, stop, resume), problem.box, notes, chart.box, result);
  const onProgress = (event) => {
    if (event.loss !== undefined) {
      chart.add(event);
      return;
    }
    const text = `${event.stage[0].toUpperCase()}${event.stage.slice(1)}`;
    if (stage.textContent !== text) {
      stage.textContent = text;
    }
    bar.max = event.total || 1;
    bar.value = event.done;
    left.textContent = leftOf(event);
  };
  const onNote = (note) => {
    if (!isKnown(note)) {
      notes.append(element("p", { class: "remark" }, note));
    }
  };
  const run = async () => {
    start.disabled = true;
    stop.hidden = bar.hidden = false;
    resume.hidden = true;
    problem.show();
    notes.replaceChildren();
    // While the training is stopped, no time passes for it.
    leftOf = timeLeft();
    try {
      const trained = await training.run(onProgress, onNote);
      stage.textContent = "Finished.";
      result.replaceChildren(await resultOf(trained, training.command));
    } catch (error) {
      if (error instanceof Stopped) {
        stage.textContent = training.canResume ? "Stopped. What is finished is kept." : "Stopped.";
      } else {
        stage.textContent = "The training ended without a model.";
        problem.show(error);
      }
      resume.hidden = !(error instanceof Stopped);
      resume.textContent = training.canResume ? "Go on" : "Begin again";
    } finally {
      start.disabled = false;
      stop.hidden = bar.hidden = true;
      left.textContent = "";
    }
  };
  run();
  return box;
}

/** Gives for each event of a training how long the stage at hand still needs at most, in words; nothing at first. */
function timeLeft() {
  let name;
  let begun;
  let first;
  return ({ stage, done, total }) => {
    const share = done / (total || 1);
    if (stage !== name) {
      name = stage;
      begun = performance.now();
      first = share;
    }
    const seconds = (performance.now() - begun) / 1000;
    if (seconds < MEASURED || share <= first) {
      return "";
    }
    const left = (seconds * (1 - share)) / (share - first);
    return `About ${left < 90 ? counted(Math.ceil(left), "second") : counted(Math.ceil(left / 60), "minute")} left in this stage, or less.`;
  };
}
