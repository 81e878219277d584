import { Model, ModelError } from "./index.js";

/** How a model is trained. The other options are those of the trainer: `noHeader: true` is `--no-header`. */
export interface TrainOptions {
  /** The column to be predicted. */
  target?: string;
  /** Columns with the text, for `trainTexts`. */
  text?: string | readonly string[];
  /** The folder for the model, the modules and the report. Default: `artifacts/NAME`. */
  artifacts?: string | URL;
  /** Gets each line of progress. Default: `console.error`. */
  progress?: (line: string) => void;
  /** Show no progress. Default: false. */
  quiet?: boolean;
  /** Stops the training. What is finished is kept for `resume`. */
  signal?: AbortSignal;
  /** Go on with a training that was stopped; the other options have to be the same. Default: false. */
  resume?: boolean;
  /** A list becomes items with commas between them. */
  [option: string]: unknown;
}

/** A finished training. */
export interface Training {
  /** The name of the model, such as `heart`. */
  readonly name: string;
  /** The folder of all files. */
  readonly folder: string;
  /** The model, ready to answer. */
  readonly model: Model;
  /** The path of the module for the command line. */
  readonly module: string;
  /** The path of the module in the library form. */
  readonly library: string;
  /** The report. */
  readonly report: Record<string, unknown>;
  /** The path of the page of the report. */
  readonly reportPage: string;
  /** What the trainer printed at the end. */
  readonly summary: string;
  /** The SHA-256 of `model.safetensors`: with the same data, options and trainer the same on any computer. */
  readonly sha256: string;
}

/** Trains a model on a table: CSV, JSON lines or a JSON array, gzipped or not. */
export function train(data: string | URL, options?: TrainOptions): Promise<Training>;

/** Trains a classifier of texts: CSV, JSON, lines of fastText, or a folder with a folder of texts for each class. */
export function trainTexts(data: string | URL, options?: TrainOptions): Promise<Training>;

/** Trains a classifier of pictures, in a folder with a folder of pictures for each class. */
export function trainImages(data: string | URL, options?: TrainOptions): Promise<Training>;

/** The training made no model. */
export class TrainingError extends ModelError {
  /** `usage` for data or an option that is refused, `stopped` by the signal, or `internal`. */
  readonly kind: "usage" | "stopped" | "internal";
  /** The exit code of the trainer, if it ended by itself. */
  readonly code?: number;
}

/** The package was made without its trainers. */
export class TrainerMissing extends ModelError {}
