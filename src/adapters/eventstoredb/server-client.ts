// The only file that imports the client's package. @kurrent/kurrentdb-client has the same calls under other names.
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  isCommandError,
  jsonEvent,
  type JSONEventType,
  MaxAppendSizeExceededError,
  NO_STREAM as SERVER_NO_STREAM,
  type ResolvedEvent,
  START as SERVER_START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  AppendRefused,
  type Ask,
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
  recordedAtOf,
  type RecordedEvent,
  START,
  UnreadableEvent,
  WrongExpectedRevision,
} from '../../event-store/index.js';
import { isJsonObject } from '../../kernel/index.js';
import { setForLibraries } from '../../platform/config.js';
import { contain } from './containment.js';
import { decodeNatively } from './message-bytes.js';

/** One entry of the server's log. */
export interface LogEntry {
  readonly position: number;
  /** Undefined for an event that is not ours: the server writes some, too. */
  readonly event: RecordedEvent | undefined;
  /** Which event is not ours. */
  readonly foreign?: string;
}

interface ServerStream extends AsyncIterable<ResolvedEvent> {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  destroy(error: Error): unknown;
  cancel(): Promise<void>;
}

/** A subscription as the client gives it: a stream of entries, which ends for good when the connection does. */
export interface ServerFeed {
  on(event: 'readable' | 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  /** The next entry that has come. */
  next(): LogEntry | undefined;
  leave(): void;
}

/** Status UNAVAILABLE of gRPC. */
const UNAVAILABLE = 14;
/** How many events a subscription holds until they are taken: as many as fit in a batch. */
const FEED_BUFFER = 500;
const OUR_STREAMS = '^[^$]';

decodeNatively();
// A ledger is reached directly, but gRPC would take the proxy of `https_proxy` or `http_proxy`. An empty name is the end of every host's.
setForLibraries('no_grpc_proxy', ',');

/** A client of one server or cluster. All its pending appends share a fate, so there is one of it at a time. */
export class ServerClient {
  readonly #client: EventStoreDBClient;
  readonly #release: () => Promise<void>;
  #closed = false;
  /** When the server last answered. */
  readonly #heardAt = { append: Number.NEGATIVE_INFINITY, read: Number.NEGATIVE_INFINITY };

  /** Does not connect yet. @throws Error when it is not a connection string */
  constructor(
    url: string,
    private readonly deadlineMs: number,
    onTrouble: (error: unknown) => void,
  ) {
    this.#client = parse(url);
    this.#release = contain(this.#client, onTrouble);
  }

  /** Whether the client was given up, with every request under way. */
  get closed(): boolean {
    return this.#closed;
  }

  /** @throws WrongExpectedRevision, AppendRefused, or anything else when the outcome is unknown. */
  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    const expectedRevision = expected === NO_STREAM ? SERVER_NO_STREAM : BigInt(expected);
    const proposed = events.map(({ id, type, data, metadata }) =>
      jsonEvent<JSONEventType>({ id, type, data, metadata }),
    );
    try {
      // Not checked by the client: an option by another name would mean no check of the revision at all.
      const options = { expectedRevision, requiresLeader: true, deadline: this.deadlineMs } as const;
      const { success } = await this.#client.appendToStream(stream, proposed, options);
      if (!success) throw new Error('the server refused an append and the client did not say why');
      this.#heardAt.append = performance.now();
    } catch (error) {
      const isAnswer = error instanceof WrongExpectedVersionError || error instanceof MaxAppendSizeExceededError;
      if (isAnswer) this.#heardAt.append = performance.now();
      if (error instanceof WrongExpectedVersionError) {
        const { actualVersion } = error;
        throw new WrongExpectedRevision(
          stream,
          expected,
          typeof actualVersion === 'bigint' ? Number(actualVersion) : NO_STREAM,
        );
      }
      if (error instanceof MaxAppendSizeExceededError) {
        throw new AppendRefused(`an append to ${stream} is larger than the server takes`, { cause: error });
      }
      throw error;
    }
  }

  /**
   * Up to `count` events of a stream from revision `from` on, which is included. None is left out: fewer mean that the stream ends there.
   * @throws UnreadableEvent for one that is not ours
   */
  async readStream(stream: string, from: number, count: number): Promise<RecordedEvent[]> {
    const options = { direction: FORWARDS, fromRevision: BigInt(from), maxCount: count, requiresLeader: true } as const;
    try {
      const entries = await this.#collect(this.#client.readStream(stream, options));
      return entries.map(({ event, foreign }) => {
        if (event === undefined) throw new UnreadableEvent(`${foreign} can’t be read: another program wrote it.`);
        return event;
      });
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw error;
    }
  }

  /** Up to `count` entries of the log from a position on, which may or may not be included. */
  readForwards(from: number, count: number): Promise<LogEntry[]> {
    const fromPosition = from === START ? SERVER_START : toPosition(from);
    const options = { direction: FORWARDS, fromPosition, maxCount: count, requiresLeader: true } as const;
    return this.#collect(this.#client.readAll(options));
  }

  /** Up to `count` entries of the log back from a position, which may or may not be included, or from the end. */
  readBackwards(from: number | undefined, count: number): Promise<LogEntry[]> {
    const fromPosition = from === undefined ? END : toPosition(from);
    const options = { direction: BACKWARDS, fromPosition, maxCount: count, requiresLeader: true } as const;
    return this.#collect(this.#client.readAll(options));
  }

  /** Entries of our streams after a position. */
  subscribe(after: number): ServerFeed {
    const filter = streamNameFilter({ regex: OUR_STREAMS });
    const fromPosition = after === START ? SERVER_START : toPosition(after);
    const feed = this.#client.subscribeToAll({ fromPosition, filter }, { highWaterMark: FEED_BUFFER });
    return {
      on: (event: string, listener: (error: unknown) => void) => feed.on(event, listener),
      next: () => {
        const entry = feed.read() as AllStreamResolvedEvent | null;
        return entry === null ? undefined : toEntry(entry);
      },
      leave: () => void feed.unsubscribe().catch(() => undefined),
    };
  }

  /**
   * Whether the client is of no more use. It survives what it knows, a lost connection above all; not a discovery that failed, nor an
   * answer to its first question that it can't read. An answer that does not come says so only when no other of its kind came since: a client
   * whose question before its first append was never answered reads well, and never appends.
   */
  isBrokenBy(error: unknown, sinceMs: number, ask: Ask): boolean {
    if (error instanceof EventStoreUnavailable) return this.#heardAt[ask] < sinceMs;
    return !(error instanceof Error && (isCommandError(error) || (error as { code?: unknown }).code === UNAVAILABLE));
  }

  /** Ends all requests under way. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#release().catch(() => undefined);
  }

  async #collect(stream: ServerStream): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    const silence = setTimeout(() => {
      stream.destroy(new EventStoreUnavailable(`a read had no answer within ${this.deadlineMs} ms`));
    }, this.deadlineMs);
    stream.on('error', () => undefined); // also after it was given up
    try {
      for await (const resolved of stream) {
        this.#heardAt.read = performance.now();
        silence.refresh();
        entries.push(toEntry(resolved));
      }
    } finally {
      clearTimeout(silence);
      stream.cancel().catch(() => undefined);
    }
    // A read that the client cancels looks as if it had ended.
    if (this.#closed) throw new EventStoreUnavailable('a read was cut off');
    return entries;
  }
}

/** The client's own error quotes the string, and with it a password: neither its message nor the error goes on from here. */
function parse(url: string): EventStoreDBClient {
  let error: unknown;
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (caught) {
    error = caught;
  }
  const { expected, location } = error as { expected?: string; location?: readonly number[] };
  if (expected === undefined) throw error;
  throw new Error(`the connection string should have ${expected} at position ${location?.[0]}`);
}

const toPosition = (position: number): { commit: bigint; prepare: bigint } => {
  return { commit: BigInt(position), prepare: BigInt(position) };
};

function toEntry({ event }: ResolvedEvent): LogEntry {
  if (event === undefined) throw new Error('the server sent an entry without an event');
  const { streamId, id, type, data, metadata = {}, isJson, created } = event;
  const position = toNumber(event.position?.commit, `the position of an event in ${streamId}`);
  const isForeign = streamId.startsWith('$') || !isJson || metadata instanceof Uint8Array;
  if (isForeign || !isJsonObject(data) || !isJsonObject(metadata))
    return { position, event: undefined, foreign: `revision ${event.revision} of ${streamId} (${type})` };
  const revision = toNumber(event.revision, `a revision of ${streamId}`);
  const recordedAt = recordedAtOf(metadata, created.toISOString());
  return { position, event: { stream: streamId, revision, position, id, type, data, metadata, recordedAt } };
}

function toNumber(value: bigint | undefined, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${what} is ${value}: EventStoreDB 22.6 or later is needed`);
  return number;
}
