// A stream of chat completion chunks may go to and fro between a text and several calls; streams of other APIs tell one thing after
// another, each opened and closed once. So what comes while a call is not whole waits for its turn.
import type { JsonObject } from '../../kernel/index.js';
import { numberIn, objectIn, textIn } from './json.js';

/** A thing that is told in pieces. */
export interface Run {
  /** Whether another may be told before the end: a call can't be taken up again, a text can go on as another. */
  readonly isWhole: boolean;
}

interface Piece<R extends Run> {
  readonly run: R;
  readonly tell: () => string;
}

/** What tells that a run begins, and that it ends. */
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

  /** The frames that tell a piece of a run, and whatever it makes way for; nothing yet when another run has to end first. */
  tell(run: R, tell: () => string): string {
    this.#waiting.push({ run, tell });
    return this.#told(false);
  }

  /** The frames that tell all that waits, whole or not, and end the last run. */
  end(): string {
    const told = this.#told(true);
    const last = this.#open;
    this.#open = undefined;
    return last === undefined ? told : told + this.edges.end(last, true);
  }

  /** What waits for the open run comes first, then the others in their order. */
  #told(all: boolean): string {
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

/** A call while its arguments come in. */
export class CallRun implements Run {
  /** Arguments are an object: when it is closed, nothing but white space can follow. */
  isWhole = false;
  /** Whether its end was told: what still comes is lost. */
  hasEnded = false;
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  constructor(
    /** Its place among the calls of the answer. */
    readonly place: number,
    /** The delta that began it. */
    readonly first: JsonObject,
  ) {}

  get name(): string {
    return textIn(objectIn(this.first, 'function') ?? {}, 'name') ?? '';
  }

  /** What a delta adds to the arguments. */
  add(delta: JsonObject): string {
    const more = textIn(objectIn(delta, 'function') ?? {}, 'arguments') ?? '';
    for (const character of more) this.#follow(character);
    return more;
  }

  #follow(character: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '"') this.#isText = !this.#isText;
    else if (this.#isText) this.#isEscaped = character === '\\';
    else if (character === '{') this.#depth++;
    else if (character === '}') this.isWhole = --this.#depth === 0;
  }
}

/** The calls of an answer, by what its deltas tell of them. */
export class CallRuns {
  readonly #runs: CallRun[] = [];
  readonly #byIndex = new Map<number, CallRun>();

  get size(): number {
    return this.#runs.length;
  }

  /**
   * The call that a delta is of. Some providers leave the index out: an id then starts a call, and what has none goes on with the last.
   * Some give every call the same index: another id is another call.
   */
  runOf(delta: JsonObject): CallRun {
    const [index, id] = [numberIn(delta, 'index'), textIn(delta, 'id') || undefined];
    const known = index === undefined ? (id === undefined ? this.#runs.at(-1) : undefined) : this.#byIndex.get(index);
    const isOther = id !== undefined && textIn(known?.first ?? {}, 'id') !== id;
    if (known !== undefined && !isOther) return known;
    const run = new CallRun(this.#runs.length, delta);
    this.#runs.push(run);
    this.#byIndex.set(index ?? this.#runs.length - 1, run);
    return run;
  }
}
