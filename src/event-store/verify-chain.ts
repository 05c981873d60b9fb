// Checks the hash chain of one stream. It finds every event that was altered, inserted, removed or swapped. A stream
// that was cut off at its end is a shorter valid chain; only a checkpoint kept elsewhere reveals that.
import { chainHash, GENESIS } from '../kernel/index.js';
import { NO_STREAM, type RecordedEvent } from './event-store.js';

/** The first place where a stream differs from what was written. */
export interface ChainFault {
  /** The revision that should have come next. */
  readonly revision: number;
  readonly sentence: string;
}

/** An event's place in its stream and its chain hash. */
export interface ChainPoint {
  readonly revision: number;
  readonly hash: string;
}

/** Before the first event of a stream. */
export const CHAIN_START: ChainPoint = { revision: NO_STREAM, hash: GENESIS };

/**
 * Checks the events of one stream as they come, in order, from the first or from a given point. Events after a fault
 * can't be judged.
 */
export class ChainCheck {
  #stream: string | undefined;
  #revision: number;
  #hash: string;

  constructor(stream?: string, { revision, hash }: ChainPoint = CHAIN_START) {
    this.#stream = stream;
    this.#revision = revision;
    this.#hash = hash;
  }

  /** The revision of the last event checked; `NO_STREAM` before the first. */
  get revision(): number {
    return this.#revision;
  }

  /** Checks the next event: returns its fault, or undefined. */
  next(event: RecordedEvent): ChainFault | undefined {
    const revision = this.#revision + 1;
    const sentence = linkFault(event, revision, this.#stream) ?? hashFault(event, hashOf(event, this.#hash));
    if (sentence !== undefined) return { revision, sentence };
    this.#stream = event.stream;
    this.#revision = revision;
    this.#hash = event.metadata['hash'] as string;
    return undefined;
  }
}

/** The first fault in the events of one stream, read in order from its first; undefined when there is none. */
export async function verifyChain(
  events: Iterable<RecordedEvent> | AsyncIterable<RecordedEvent>,
): Promise<ChainFault | undefined> {
  const check = new ChainCheck();
  for await (const event of events) {
    const fault = check.next(event);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function linkFault({ stream, revision }: RecordedEvent, expected: number, expectedStream = stream): string | undefined {
  if (stream !== expectedStream) return `Revision ${expected} of ${expectedStream} is an event of ${stream}.`;
  if (revision === expected) return undefined;
  return `Revision ${expected} of ${stream} is missing: revision ${revision} stands in its place.`;
}

const hashFault = ({ stream, revision, type, metadata }: RecordedEvent, hash: string): string | undefined =>
  metadata['hash'] === hash
    ? undefined
    : `The hash of revision ${revision} of ${stream} (${type}) does not match: the event, or one before it, is not what was written.`;

/** Data without canonical JSON was never hashed: no hash matches it. */
function hashOf(event: RecordedEvent, previousHash: string): string {
  try {
    return chainHash(previousHash, event);
  } catch {
    return '';
  }
}
