/** The curves of a training, which grow while it runs. */

import { element, shape } from "../dom.js";

const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 68;
const BOTTOM = 24;
const COLOURS = 5;
/** Milliseconds between two pictures: drawing takes time from the training. */
const INTERVAL = 100;

/**
 * A chart of the loss on rows that were held out.
 *
 * @returns {{ box: HTMLElement, add: (event: { stage: string, step: number, steps: number, loss: number }) => void }}
 */
export function curves() {
  /** Of each stage its points; a stage that begins again is another one. */
  const series = [];
  const names = [];
  const lines = shape("g");
  const grid = shape("g");
  const legend = element("ul", { class: "legend" });
  /** Of each name its last loss, and where it is shown. */
  const latest = new Map();
  const label = element("figcaption", {}, "Loss on rows that were held out: lower is better.");
  const chart = shape("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Loss on rows that were held out" }, grid, lines);
  const box = element("figure", { hidden: true }, chart, legend, label);
  let planned = 0;
  const draw = () => {
    planned = 0;
    for (const { loss, place } of latest.values()) {
      place.textContent = loss.toPrecision(3);
    }
    // One point is no line.
    box.hidden = series.every(({ points }) => points.length < 2);
    const losses = series.flatMap(({ points }) => points.map(([, loss]) => loss));
    const [low, high] = losses.reduce(([low, high], loss) => [Math.min(low, loss), Math.max(high, loss)], [Infinity, -Infinity]);
    const y = (loss) => 8 + (HEIGHT - BOTTOM - 16) * (1 - (loss - low) / (high - low || 1));
    const x = (share) => LEFT + (WIDTH - LEFT - 8) * share;
    grid.replaceChildren(
      ...[...new Set([low, (low + high) / 2, high])].flatMap((loss) => [
        shape("line", { class: "grid", x1: LEFT, x2: WIDTH - 8, y1: y(loss), y2: y(loss) }),
        shape("text", { x: LEFT - 8, y: y(loss) + 4, "text-anchor": "end" }, loss.toPrecision(3)),
      ]),
      shape("text", { x: LEFT, y: HEIGHT - 6 }, "start"),
      shape("text", { x: WIDTH - 8, y: HEIGHT - 6, "text-anchor": "end" }, "end"),
    );
    lines.replaceChildren(
      ...series.map(({ points, name }) => {
        const isNewest = series.findLast((other) => other.name === name).points === points;
        const path = points.map(([share, loss], place) => `${place === 0 ? "M" : "L"}${x(share).toFixed(1)} ${y(loss).toFixed(1)}`).join("");
        return shape("path", { d: path, class: `c${names.indexOf(name) % COLOURS}${isNewest ? "" : " old"}` });
      }),
    );
  };
  return {
    box,
    add({ stage, step, steps, loss }) {
      if (loss === null) {
        return;
      }
      // `fold 2 of 5, network` is the network's second curve.
      const name = stage.split(", ").at(-1);
      if (!names.includes(name)) {
        names.push(name);
        const colour = `c${names.indexOf(name) % COLOURS}`;
        const line = shape("svg", { class: "chart", viewBox: "0 0 24 8", "aria-hidden": "true" }, shape("path", { class: colour, d: "M0 4H24" }));
        const place = element("span");
        latest.set(name, { place });
        legend.append(element("li", {}, line, ` ${name} `, place));
      }
      latest.get(name).loss = loss;
      const current = series.findLast((other) => other.stage === stage);
      if (current && step > current.step) {
        current.points.push([step / steps, loss]);
        current.step = step;
      } else {
        series.push({ stage, name, step, points: [[step / steps, loss]] });
      }
      planned ||= setTimeout(() => requestAnimationFrame(draw), INTERVAL);
    },
  };
}
