/** A `WebAssembly.Module`. The types of Node alone do not have the name, those of browsers do. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module
  : object;

/** Where a module can be: `Model.load` says what each means. */
export type Source =
  | string
  | URL
  | Response
  | Blob
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | CompiledModule;

/** An array of numbers, or a typed array other than those of BigInt. */
export type Numbers =
  | readonly number[]
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * One input: an object with the fields; a string for a model of texts; or the pixels of a picture, row by row, in one array
 * or typed array, or in an array of rows. `null` is a missing value where the model allows it, and a `Date` is its ISO 8601
 * text.
 */
export type Input = object | string;

/** How an input is answered. */
export interface PredictOptions {
  /** Answer with what weighed most, if the model can tell. Default: false. */
  explain?: boolean;
  /** Refuse an input that is unusual: outside the range of training, with an unseen word or gap, or too long. Default: false. */
  strict?: boolean;
}

/** How a text of inputs is answered. */
export interface TextOptions extends PredictOptions {
  /** Each line of the text is an input of its own, and gets exactly one line. Default: false. */
  lines?: boolean;
}

/** One part of the input, and how much it weighed. */
export interface Weight {
  /** The part is a field of a table. */
  field?: string;
  /** The part is a word of a text. */
  word?: string;
  /**
   * By how much the score of the answer falls without the word, or with a typical value of the field. The score is the
   * logarithm of the odds of the class, or the number.
   */
  weight: number;
}

/** What every answer may have. */
export interface Remarks {
  /** What weighed most first; only with the option `explain`, and if the model can tell. */
  explanation?: Weight[];
  /** Fields whose value is outside the range of training. */
  outside?: string[];
  /** Fields with a word that training had not. */
  unseen?: string[];
  /** Fields without a value that training always had. */
  missing?: string[];
  /** How many words at the end of a text are not read. */
  unread_words?: number;
}

/** The answer of a model with classes. */
export interface ClassAnswer extends Remarks {
  /** The most probable class. */
  class: string;
  /** The probability of each class, from 0 to 1. */
  probabilities: Record<string, number>;
}

/** The interval around a number. */
export interface Interval {
  /** The share of all cases whose true number lies in the interval, from 0 to 1. */
  coverage: number;
  /** Its lower end, in the unit of the number. */
  low: number;
  /** Its upper end, in the unit of the number. */
  high: number;
}

/** The answer of a model of a number, which has the name `Name`, such as `quality`. */
export type NumberAnswer<Name extends string> = Remarks & { interval: Interval } & Record<Name, number>;

/** The answer of any model. Give `predict` a narrower type if you know the model: `model.predict<ClassAnswer>(…)`. */
export interface AnyAnswer extends Remarks {
  class?: string;
  probabilities?: Record<string, number>;
  interval?: Interval;
  /** The number, under the name that the model gives it. */
  [name: string]: unknown;
}

/** What stands in place of the answer to a bad row of a batch. */
export interface RowError {
  /** What is wrong with the row. */
  error: string;
}

/** A field of a fixed table. */
export interface TableField {
  readonly name: string;
  /** Unit of measurement; empty if there is none. */
  readonly unit: string;
  readonly description: string;
  /** Smallest and largest possible number, inclusive; absent for a category. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Smallest and largest number of the rows of training, if known. */
  readonly training_minimum?: number;
  readonly training_maximum?: number;
  /** The words that a category can have, in the order of their positions. */
  readonly categories?: readonly string[];
  /** How a value becomes what the network takes. */
  readonly transform: unknown;
}

/** A column of a table of your own. It has one of `number`, `category` and `date`. */
export interface Column {
  readonly name: string;
  /** Unit of measurement; empty if there is none. */
  readonly unit: string;
  readonly description: string;
  /** The range of a number. */
  readonly number?: {
    readonly minimum?: number;
    readonly maximum?: number;
    readonly training_minimum: number;
    readonly training_maximum: number;
  };
  /** The words of a category, in the order of their positions. */
  readonly category?: readonly string[];
  /** There, with any value, for a date. */
  readonly date?: unknown;
  /** Whether a value may be missing. */
  readonly missing: boolean;
  /** The numbers of a typical value. */
  readonly typical: readonly (number | null)[];
}

/** A part of a text. */
export interface TextPart {
  readonly name: string;
  readonly description: string;
}

/** The pictures that a model takes. */
export interface Image {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** Numbers of a pixel: 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  /** Largest value of a pixel; the smallest is 0. */
  readonly maximum: number;
  readonly unit: string;
  /** Of each channel over the pictures of training, with the largest value as 1. */
  readonly mean: readonly number[];
  /** Of each channel over the pictures of training, with the largest value as 1. */
  readonly std_dev: readonly number[];
}

/** What a model says of itself. */
export interface Description {
  /** Version of the model file. */
  readonly format: number;
  readonly name: string;
  readonly about: string;
  /** An input, as JSON text; empty if there is none. */
  readonly example: string;
  /** What the model takes: one of these. */
  readonly input: {
    readonly table?: readonly TableField[];
    readonly columns?: readonly Column[];
    readonly image?: Image;
    readonly text?: {
      readonly parts: readonly TextPart[];
      readonly max_tokens: number;
      readonly tokenizer: unknown;
    };
  };
  /** What the model answers: one of these. */
  readonly output: {
    readonly classes?: readonly string[];
    readonly number?: {
      readonly name: string;
      /** Share of all cases whose true number lies in the interval, from 0 to 1. */
      readonly coverage: number;
      /** Half of the width of the interval. */
      readonly half_width: number;
      readonly decimals?: number;
    };
  };
  /** Figures of the tests, such as `test_accuracy`. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** How many weights the model has. */
  readonly weights: number;
  /** Version of the program in the module. */
  readonly module_version: string;
  readonly [name: string]: unknown;
}

/** A model that answers inputs. It is for one thread; a worker loads its own from `module`. */
export class Model {
  private constructor();

  /**
   * Loads a model.
   *
   * @param source a URL (a page's own are relative to it); in Node also a path or a `file:` URL; a `Response`, a `Blob` or
   *   bytes; a compiled module; or a promise of one of these, such as `fetch(…)`
   * @throws {SourceError} if the source cannot be read
   * @throws {NotAModule} if it is no module in the library form
   * @throws {WrongVersion} if this package does not know the version of the form
   * @throws {BadModel} if the model in the module cannot be used
   * @throws {OutOfMemory} if there is no memory for it
   */
  static load(source: Source | PromiseLike<Source>): Promise<Model>;

  /**
   * Loads a model at once. Browsers do not allow this for large modules on the thread of the page: use `load` there.
   *
   * @param source bytes or a compiled module
   * @throws what `load` throws
   */
  static loadSync(source: ArrayBuffer | SharedArrayBuffer | ArrayBufferView | CompiledModule): Model;

  /** The model's name. */
  readonly name: string;
  /** What the model tells, in one sentence. */
  readonly about: string;
  /** The names of the classes, in the order of the numbers of `predictNumbers`; undefined if the model gives a number. */
  readonly classes: readonly string[] | undefined;
  /** The fields of an input: of a table, or the parts of a text; undefined for a picture. */
  readonly fields: readonly TableField[] | readonly Column[] | readonly TextPart[] | undefined;
  /** The picture that is an input; undefined for other models. */
  readonly image: Image | undefined;
  /** How many numbers one input is for `predictNumbers`; 0 if the model takes words or dates. */
  readonly inputNumbers: number;
  /** How many numbers `predictNumbers` answers to each input. */
  readonly outputNumbers: number;
  /** Bytes of the model's memory now; 0 between the loss of an instance and the next call. */
  readonly memorySize: number;
  /** The compiled module. It can be posted to a worker, which gives it to `loadSync`. */
  readonly module: CompiledModule;

  /** The model's inputs, outputs, metrics and digests. It is the same object each time: do not change it. */
  describe(): Description;

  /**
   * Answers one input.
   *
   * @throws {InputError} if the input cannot be answered, or JSON cannot hold it
   * @throws {OutOfMemory} if it is too large; the model can still be used
   */
  predict<Answer = AnyAnswer>(value: Input, options?: PredictOptions): Answer;

  /**
   * Answers many inputs, in order. A row that cannot be answered gets `{ error: "…" }`.
   *
   * @throws {InputError} if `rows` is no list
   * @throws {OutOfMemory} if a row is too large; the model can still be used
   */
  predictBatch<Answer = AnyAnswer>(rows: Iterable<Input>, options?: PredictOptions): (Answer | RowError)[];

  /**
   * Answers inputs that are plain numbers, without JSON.
   *
   * @param values `inputNumbers` numbers for each input: all in one array, or an array for each input. A table has its
   *   fields in the order of `fields`; a category is its position from 0, and where values may be missing, NaN is a missing
   *   one. A picture has its pixels row by row, from 0 to the largest value.
   * @returns `outputNumbers` numbers for each input: the probabilities in the order of `classes`, or the number and both
   *   ends of its interval
   * @throws {InputError} if an input cannot be answered, with its `item`, or the model takes words or dates
   * @throws {OutOfMemory} if there are too many; the model can still be used
   */
  predictNumbers(values: Numbers | readonly Numbers[]): Float32Array;

  /**
   * Answers JSON text with JSON text: a line for each input, byte for byte what the command prints with `--json`.
   *
   * @param text one input, or an array of them; with the option `lines`, an input on each line
   * @returns lines, each of which ends in a line feed
   * @throws {InputError} if an input cannot be answered
   * @throws {OutOfMemory} if it is too large; the model can still be used
   */
  predictText(text: string, options?: TextOptions): string;

  /**
   * The SHA-256 of the bytes of the module, in 64 hexadecimal digits; undefined if the model was made from a compiled
   * module, or on a page without `crypto.subtle`, which needs HTTPS.
   */
  sha256(): Promise<string | undefined>;
}

/** The class that all errors of this package extend. `cause` is the error below it, if there is one. */
export class ModelError extends Error {
  readonly cause?: unknown;
}

/** The source cannot be read: there is no such file, the network failed, or the server answered with an error. */
export class SourceError extends ModelError {}

/** The bytes are no WebAssembly module, or one of another form than the library form. */
export class NotAModule extends ModelError {}

/** The module has another version of the library form than this package reads. */
export class WrongVersion extends ModelError {}

/** The model in the module cannot be used. */
export class BadModel extends ModelError {}

/** The input cannot be answered, or JSON cannot hold it. */
export class InputError extends ModelError {
  /** Which one of several inputs, from 1. */
  readonly item: number | undefined;
  /** The field that is to blame. */
  readonly field: string | undefined;
}

/** There is not enough memory for the input or for the answer. The model can still be used. */
export class OutOfMemory extends ModelError {}
