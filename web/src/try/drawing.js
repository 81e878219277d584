/** A drawing of a digit: strokes of a pen, and the picture of 28×28 pixels that they make. */

/** Width and height of the picture that the model takes, and of the square in it that holds the digit: those of MNIST
 * (LeCun, Cortes and Burges: the MNIST database of handwritten digits). */
const SIDE = 28;
const DIGIT = 20;
/** Width of a stroke in the picture, in pixels: that of a pen in MNIST. */
const PEN = 2.6;

/** Strokes in a square with sides of 1. */
export class Drawing {
  #strokes = [];
  #small = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });

  get isEmpty() {
    return this.#strokes.length === 0;
  }

  /** The pen touches the paper at `point`, `[x, y]`. */
  begin(point) {
    this.#strokes.push([point]);
  }

  /** The pen moves to `point`. */
  move(point) {
    this.#strokes.at(-1)?.push(point);
  }

  /** Takes the last stroke away. */
  undo() {
    this.#strokes.pop();
  }

  clear() {
    this.#strokes = [];
  }

  /** Draws the strokes as they are. */
  paint(context, side) {
    paint(context, this.#strokes, { scale: side, left: 0, top: 0, pen: side / 14 });
  }

  /**
   * The digit as MNIST has it: scaled so that it fits into 20×20 pixels, with the centre of its ink in the middle.
   *
   * @returns {Float32Array} 784 pixels, row by row, from 0 (background) to 255 (ink)
   */
  pixels() {
    const [[left, right], [top, bottom]] = [0, 1].map((axis) => range(this.#strokes.flat(), axis));
    // Lines are in the square with all of their width. A dot stays small.
    const scale = (DIGIT - PEN) / Math.max(right - left, bottom - top, 0.15);
    const first = { scale, left: SIDE / 2 - (scale * (left + right)) / 2, top: SIDE / 2 - (scale * (top + bottom)) / 2, pen: PEN };
    const [x, y] = centre(this.#ink(first));
    const moved = (at, low, high, place) => at + clamp(SIDE / 2 - place, -low, SIDE - high);
    const box = (from, to, at) => [scale * from + at - PEN / 2, scale * to + at + PEN / 2];
    const [x0, x1] = box(left, right, first.left);
    const [y0, y1] = box(top, bottom, first.top);
    return this.#ink({ ...first, left: moved(first.left, x0, x1, x), top: moved(first.top, y0, y1, y) });
  }

  #ink(place) {
    const context = this.#small;
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIDE, SIDE);
    context.strokeStyle = "#fff";
    paint(context, this.#strokes, place);
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    return Float32Array.from({ length: SIDE * SIDE }, (_, place) => data[4 * place]);
  }
}

function paint(context, strokes, { scale, left, top, pen }) {
  context.lineWidth = pen;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  for (const [start, ...rest] of strokes) {
    context.moveTo(left + scale * start[0], top + scale * start[1]);
    for (const point of rest) {
      context.lineTo(left + scale * point[0], top + scale * point[1]);
    }
    if (rest.length === 0) {
      // A dot: canvases leave out lines without a length.
      context.lineTo(left + scale * start[0] + 0.01, top + scale * start[1]);
    }
  }
  context.stroke();
}

/** The least and the greatest coordinate of points. */
function range(points, axis) {
  const start = [Infinity, -Infinity];
  return points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], start);
}

/** The centre of mass of the ink, in pixels. */
function centre(pixels) {
  let [sum, x, y] = [0, 0, 0];
  pixels.forEach((ink, place) => {
    sum += ink;
    x += ink * ((place % SIDE) + 0.5);
    y += ink * (Math.floor(place / SIDE) + 0.5);
  });
  return sum > 0 ? [x / sum, y / sum] : [SIDE / 2, SIDE / 2];
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
