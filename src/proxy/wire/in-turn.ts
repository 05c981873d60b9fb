// A stream of chat completion chunks may switch between text and several calls; streams of other APIs send one item
// after another, each opened and closed once. So deltas for another item wait until the open call is complete.
import type { JsonObject } from '../../kernel/index.js';
import { argumentsIn } from './chat.js';
import { numberIn, objectIn, textIn } from './json.js';

/** An item that is sent in pieces. */
export interface Run {
  /** Whether another item may start before its end: a call can't be resumed, a text can continue as another. */
  readonly isWhole: boolean;
}

interface Piece<R extends Run> {
  readonly run: R;
  readonly tell: () => string;
}

/** Produces the frames at the start and the end of a run. */
export interface Edges<R extends Run> {
  begin(run: R): string;
  /** `isLast` when nothing follows. */
  end(run: R, isLast: boolean): string;
}

export class InTurn<R extends Run> {
  #open: R | undefined;
  readonly #waiting: Piece<R>[] = [];

  constructor(private readonly edges: Edges<R>) {}

  get open(): R | undefined {
    return this.#open;
  }

  /**
   * The frames for a piece of a run and for whatever had to precede it; nothing yet while another run must end first.
   */
  tell(run: R, tell: () => string): string {
    this.#waiting.push({ run, tell });
    return this.#frames(false);
  }

  /** The frames for everything that waits, complete or not, and the end of the last run. */
  end(): string {
    const frames = this.#frames(true);
    const last = this.#open;
    this.#open = undefined;
    return last === undefined ? frames : frames + this.edges.end(last, true);
  }

  /** First what belongs to the open run, then the others in order. */
  #frames(all: boolean): string {
    let frames = '';
    while (this.#waiting.length > 0) {
      const next = this.#waiting.findIndex(({ run }) => run === this.#open);
      if (next === -1 && !all && this.#open?.isWhole === false) break;
      const [piece] = this.#waiting.splice(Math.max(next, 0), 1);
      if (piece !== undefined) frames += this.#turnTo(piece.run) + piece.tell();
    }
    return frames;
  }

  #turnTo(run: R): string {
    const before = this.#open;
    if (run === before) return '';
    this.#open = run;
    return (before === undefined ? '' : this.edges.end(before, false)) + this.edges.begin(run);
  }
}

/** A call while its arguments arrive. */
export class CallRun implements Run {
  /** Arguments are an object: after its closing brace only white space can follow. */
  isWhole = false;
  /** Whether its end was sent: later deltas are lost. */
  hasEnded = false;
  /** The arguments that wait for its name. */
  #untold: string | undefined = '';
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  constructor(
    /** Its index among the calls of the answer. */
    readonly place: number,
    /** What its deltas said of it until it had a name. */
    private opened: JsonObject,
  ) {}

  get first(): JsonObject {
    return this.opened;
  }

  get name(): string {
    return textIn(objectIn(this.opened, 'function') ?? {}, 'name') ?? '';
  }

  /**
   * Adds a delta. Returns the arguments to send, or undefined when there is nothing to send: some providers name a call
   * only after its first delta (https://github.com/vercel/ai/issues/14722, https://github.com/vercel/ai/pull/16507).
   */
  add(delta: JsonObject): string | undefined {
    const more = argumentsIn(objectIn(delta, 'function'));
    for (const character of more) this.#follow(character);
    if (this.#untold === undefined) return more === '' || this.hasEnded ? undefined : more;
    if (this.name === '') this.opened = { ...this.opened, ...withoutBlanks(delta) };
    this.#untold += more;
    return this.name === '' ? undefined : this.release();
  }

  /** The arguments that still wait; undefined when none do. */
  release(): string | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold;
  }

  #follow(character: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '"') this.#isText = !this.#isText;
    else if (this.#isText) this.#isEscaped = character === '\\';
    else if (character === '{') this.#depth++;
    else if (character === '}') this.isWhole = --this.#depth === 0;
  }
}

/** A delta without the fields that say nothing. */
const withoutBlanks = (delta: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(delta).filter(([, value]) => value !== null && value !== ''));

/** The calls of an answer, assembled from its deltas. */
export class CallRuns {
  readonly #runs: CallRun[] = [];
  readonly #byIndex = new Map<number, CallRun>();

  get size(): number {
    return this.#runs.length;
  }

  /** The calls, to be looked through for what still waits once the answer has ended. */
  get all(): readonly CallRun[] {
    return this.#runs;
  }

  /**
   * The call that a delta belongs to. Some providers omit the index, and some give every call the same: then a delta
   * may begin another call.
   */
  runOf(delta: JsonObject): CallRun {
    const index = numberIn(delta, 'index');
    const known = index === undefined ? this.#runs.at(-1) : this.#byIndex.get(index);
    if (known !== undefined && !beginsAnother(delta, known)) return known;
    const run = new CallRun(this.#runs.length, delta);
    this.#runs.push(run);
    this.#byIndex.set(index ?? this.#runs.length - 1, run);
    return run;
  }
}

/**
 * Whether a delta begins a call beside the one that its index names. It has another id, though an id alone says nothing
 * while the arguments go on: some are placeholders (langchain-ai/langchainjs#11373). Or it has no id, and a name after
 * arguments that are whole (NousResearch/hermes-agent#62937); a name that is repeated with nothing begins none. Arguments
 * that nothing named yet are of the call that is named next (farion1231/cc-switch, src-tauri/src/proxy/providers/streaming.rs).
 */
function beginsAnother(delta: JsonObject, known: CallRun): boolean {
  const [id, called] = [textIn(delta, 'id'), objectIn(delta, 'function')];
  const name = textIn(called ?? {}, 'name');
  if (id) return !isUnnamed(known) && textIn(known.first, 'id') !== id && (Boolean(name) || known.isWhole);
  return known.isWhole && Boolean(name) && (name !== known.name || argumentsIn(called) !== '');
}

/** Whether nothing is known of a call but the beginning of its arguments. */
const isUnnamed = ({ first, name, isWhole }: CallRun): boolean => !isWhole && name === '' && !textIn(first, 'id');
