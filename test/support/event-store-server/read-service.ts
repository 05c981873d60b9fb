import { once } from 'node:events';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { EventLog, StoredEvent } from './event-log.js';
import type { Faults } from './faults.js';
import * as messages from './messages.js';
import { ServerSubscription } from './server-subscription.js';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

const BACKWARDS = 1;

/** Reads of a stream or of all streams, and subscriptions to all streams. */
export class ReadService {
  readonly subscriptions = new Set<ServerSubscription>();
  /** What it was asked for, and the events of its users that it sent, by how they were asked for. */
  readonly counts = { subscriptions: 0, bySubscription: 0, ofLog: 0, ofStreams: 0 };

  constructor(
    private readonly log: EventLog,
    private readonly faults: Faults,
  ) {}

  read(call: ReadCall): void {
    const options = call.request.getOptions();
    call.on('error', () => undefined); // a connection that was cut
    if (options === undefined || this.faults.hung) return;
    const all = options.getAll();
    if (options.hasSubscription()) {
      if (all === undefined) call.emit('error', { code: status.UNIMPLEMENTED, details: 'only $all is subscribed to' });
      else this.#subscribe(call, all, filterOf(options.getFilter()));
      return;
    }
    const count = Number(options.getCount());
    const backwards = options.getReadDirection().valueOf() === BACKWARDS;
    const events = all === undefined ? this.#ofStream(call, options, backwards) : this.#ofAll(all, count, backwards);
    const found = events.filter(filterOf(options.getFilter())).slice(0, count);
    this.counts[all === undefined ? 'ofStreams' : 'ofLog'] += found.filter(isOfUsers).length;
    void answer(call, found);
  }

  #ofAll(all: ReadReq.Options.AllOptions, count: number, backwards: boolean): readonly StoredEvent[] {
    const position = positionOf(all);
    return backwards ? this.log.backwards(position, count) : this.log.forwards(position, count);
  }

  #ofStream(call: ReadCall, options: ReadReq.Options, backwards: boolean): readonly StoredEvent[] {
    const asked = options.getStream();
    const name = new TextDecoder().decode(asked?.getStreamIdentifier()?.getStreamName_asU8());
    const events = this.log.readStream(name);
    if (events === undefined || asked === undefined) {
      call.write(messages.streamNotFound(name));
      return [];
    }
    const at = asked.hasStart() ? 0 : asked.hasEnd() ? events.length - 1 : Number(asked.getRevision());
    return backwards ? events.slice(0, at + 1).toReversed() : events.slice(at);
  }

  #subscribe(call: ReadCall, all: ReadReq.Options.AllOptions, wanted: (event: StoredEvent) => boolean): void {
    const after = all.hasStart() ? -1 : positionOf(all);
    const onSent = (event: StoredEvent): void => {
      if (isOfUsers(event)) this.counts.bySubscription++;
    };
    const subscription = new ServerSubscription(call, { log: this.log, faults: this.faults, after, wanted, onSent });
    this.counts.subscriptions++;
    this.subscriptions.add(subscription);
    void subscription.run().finally(() => this.subscriptions.delete(subscription));
  }
}

const isOfUsers = ({ stream }: StoredEvent): boolean => !stream.startsWith('$');

function positionOf(all: ReadReq.Options.AllOptions): number {
  if (all.hasEnd()) return Number.POSITIVE_INFINITY;
  return all.hasStart() ? 0 : Number(all.getPosition()?.getCommitPosition());
}

function filterOf(filter: ReadReq.Options.FilterOptions | undefined): (event: StoredEvent) => boolean {
  const byStream = filter?.getStreamIdentifier();
  const expression = byStream ?? filter?.getEventType();
  if (expression === undefined) return () => true;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  return ({ stream, type }) => {
    const text = byStream ? stream : type;
    return prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
}

async function answer(call: ReadCall, events: readonly StoredEvent[]): Promise<void> {
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort()).once('close', () => gone.abort());
  try {
    for (const event of events) {
      if (gone.signal.aborted) return;
      if (!call.write(messages.toReadEvent(event))) await once(call, 'drain', { signal: gone.signal });
    }
    call.end();
  } catch {
    // The caller has left.
  }
}
