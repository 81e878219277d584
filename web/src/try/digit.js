/** A digit to draw, or a picture of one. */

import { element, errorBox, newest } from "../dom.js";
import { dropPlace } from "../sandbox/files.js";
import { answerBox } from "./answer.js";
import { onPaste, pixelsOf } from "./convert.js";
import { Drawing } from "./drawing.js";
import { PICTURES } from "./picture.js";
import { pixelPicture } from "./pixels.js";
import { shipped } from "./shipped.js";
import { trustPanel } from "./trust.js";

/** Pixels of the paper on each side. */
const SIDE = 560;
/** How far a key moves the pen, of a side of the paper. */
const KEY_STEP = 1 / 28;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const EMPTY = "Draw a digit.";

/** The part of the page. The paper is there before the model is. */
export function view() {
  const problem = errorBox();
  const side = element("div", { "aria-busy": "true" }, element("p", { class: "box" }, "Loading the model…"));
  const trust = element("div");
  /** What shows answers, once the model is there; and the last pixels that were to be answered, or a text in their place. */
  let shown;
  let wanted = EMPTY;
  const show = (what) => {
    wanted = what;
    shown?.(what);
  };
  shipped("mnist").then(
    (opened) => {
      const { model } = opened;
      const answers = answerBox(model.describe(), { order: "as-listed" });
      const seen = pixelPicture(model.image);
      shown = (what) => {
        const isText = typeof what === "string";
        seen.show(isText ? undefined : what);
        try {
          problem.show();
          if (isText) {
            answers.clear(what);
          } else {
            answers.show(model.predict(what));
          }
        } catch (error) {
          answers.clear();
          problem.show(error);
        }
      };
      const caption = element("figcaption", {}, "What the model sees: 28×28 pixels, the digit scaled and centred as in the data that it learnt from.");
      side.replaceChildren(answers.box, element("figure", {}, seen.canvas, caption));
      side.removeAttribute("aria-busy");
      trust.replaceChildren(trustPanel(opened));
      shown(wanted);
    },
    (error) => {
      side.replaceChildren();
      problem.show(`The model cannot be loaded: ${error.message}. Load the page again.`);
    },
  );
  const question = newest();
  const clear = (text = EMPTY) => {
    // A picture that is still being prepared is no longer asked for.
    question();
    show(text);
  };
  const fail = (error) => {
    clear();
    problem.show(error);
  };
  const paper = drawingPaper({ draw: show, clear });
  const give = async ([file]) => {
    paper.clear();
    clear("…");
    const isNewest = question();
    try {
      const pixels = await pixelsOf(file);
      if (isNewest()) {
        show(pixels);
      }
    } catch (error) {
      if (isNewest()) {
        fail(error);
      }
    }
  };
  const section = element(
    "div",
    {},
    element("h2", {}, "A handwritten digit"),
    element("p", {}, "Draw a digit from 0 to 9, with a mouse, a pen or a finger. The bars move as you draw."),
    element(
      "div",
      { class: "sides narrow-first" },
      element("div", {}, paper.box, problem.box),
      side,
    ),
    element("h3", {}, "A picture of a digit"),
    dropPlace({
      text: "Drop or paste a photo or a scan of one digit on paper. It is found, cut out and prepared here.",
      button: "Choose a picture",
      accept: PICTURES,
      give,
      fail,
    }),
    trust,
  );
  onPaste(section, give);
  return section;
}

/** The paper and its buttons. */
function drawingPaper({ draw, clear }) {
  const drawing = new Drawing();
  const canvas = element("canvas", {
    class: "canvas",
    width: SIDE,
    height: SIDE,
    tabindex: 0,
    role: "application",
    "aria-label": "Paper to draw a digit on. With a keyboard: arrows move the pen, the space bar sets it down and lifts it, Backspace takes the last stroke away.",
  });
  const context = canvas.getContext("2d");
  const pen = { isDown: false, place: [0.5, 0.3], isKeyed: false };
  const paint = () => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    context.strokeStyle = "#111";
    drawing.paint(context, SIDE);
    if (pen.isKeyed && document.activeElement === canvas) {
      mark(context, pen);
    }
  };
  let planned = 0;
  const update = () => {
    planned = 0;
    paint();
    if (drawing.isEmpty) {
      clear();
    } else {
      draw(drawing.pixels());
    }
  };
  // Once for each picture of the screen, however many points the mouse gives.
  const plan = () => (planned ||= requestAnimationFrame(update));
  const point = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    // The pen stays on the paper.
    return [(clientX - left) / width, (clientY - top) / height].map((at) => Math.min(Math.max(at, 0), 1));
  };
  const lift = ({ pointerId }) => {
    if (!pen.isKeyed && pointerId === pen.pointer) {
      pen.isDown = false;
    }
  };
  const listeners = {
    pointerdown(event) {
      // A second finger, or the hand that rests on the paper, draws nothing.
      if (event.button !== 0 || (pen.isDown && !pen.isKeyed)) {
        return;
      }
      // A browser that cannot capture still draws inside of the paper.
      canvas.setPointerCapture?.(event.pointerId);
      pen.isDown = true;
      pen.isKeyed = false;
      pen.pointer = event.pointerId;
      drawing.begin(point(event));
      plan();
    },
    pointermove(event) {
      if (pen.isDown && !pen.isKeyed && event.pointerId === pen.pointer) {
        const events = event.getCoalescedEvents?.() ?? [];
        (events.length > 0 ? events : [event]).forEach((each) => drawing.move(point(each)));
        plan();
      }
    },
    pointerup: (event) => lift(event),
    pointercancel: (event) => lift(event),
    keydown(event) {
      const move = MOVES[event.key];
      if (move) {
        pen.place = pen.place.map((at, axis) => Math.min(Math.max(at + KEY_STEP * move[axis], 0), 1));
        if (pen.isDown) {
          drawing.move(pen.place);
        }
      } else if (event.key === " ") {
        pen.isDown = !pen.isDown;
        if (pen.isDown) {
          drawing.begin(pen.place);
        }
      } else if (event.key === "Backspace" || event.key === "Delete") {
        pen.isDown = false;
        drawing.undo();
      } else {
        return;
      }
      pen.isKeyed = true;
      event.preventDefault();
      plan();
    },
    focus: paint,
    blur: () => ((pen.isDown = false), paint()),
  };
  for (const [name, listener] of Object.entries(listeners)) {
    canvas.addEventListener(name, listener);
  }
  const wipe = () => {
    drawing.clear();
    pen.isDown = false;
    paint();
  };
  paint();
  return {
    box: element(
      "div",
      {},
      canvas,
      element(
        "div",
        { class: "buttons" },
        element("button", { type: "button", click: () => (wipe(), clear()) }, "Clear"),
        element("button", { type: "button", click: () => ((pen.isDown = false), drawing.undo(), update()) }, "Undo a stroke"),
      ),
    ),
    clear: wipe,
  };
}

/** Shows where the pen is that is moved by keys. */
function mark(context, { place: [x, y], isDown }) {
  context.beginPath();
  context.arc(SIDE * x, SIDE * y, 14, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = "#1f5fae";
  context.stroke();
  if (isDown) {
    context.fillStyle = "#1f5fae";
    context.fill();
  }
}
