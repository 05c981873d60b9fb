import streams, {
  type AppendReq,
  type AppendResp as AppendResponse,
  type BatchAppendReq,
  type BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import shared, { type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import {
  Metadata,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { Disk } from './disk.js';
import type { Accepted, EventLog, Expectation, ProposedEvent, Taken } from './event-log.js';
import type { Faults } from './faults.js';
import * as messages from './messages.js';

interface Batch {
  readonly correlationId: UUID | undefined;
  readonly stream: string;
  readonly expected: Expectation;
  readonly events: ProposedEvent[];
  /** When its sender gives it up, of `Date.now`. */
  readonly deadline: number;
}

/** What is accepted and not durable yet. */
interface UnderWay {
  readonly accepted: Accepted;
  readonly timer?: NodeJS.Timeout;
}

/** How long the server itself waits, where it is told nothing. */
const SERVER_TIMEOUT_MS = 2_000;

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** Appends, in the two ways a client may ask for them. */
export class AppendService {
  /** The appends in whose middle the server was killed. */
  readonly interrupted = { stored: 0, lost: 0 };
  /** What the server has taken and neither stored nor answered yet. */
  readonly #pending = new Set<UnderWay>();
  /** The ends of the waits of those it dropped. */
  readonly #dropped = new Set<NodeJS.Timeout>();

  constructor(
    private readonly log: EventLog,
    private readonly faults: Faults,
    private readonly disk: Disk,
    private readonly server: { readonly port: number; cutConnections(): void },
  ) {}

  get pendingAppends(): number {
    return this.#pending.size;
  }

  batchAppend(call: BatchCall, mayAppendTo: (stream: string) => boolean): void {
    const open = new Map<string, Batch>();
    let stuck = false;
    call.on('error', () => undefined); // a connection that was cut
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      if (stuck || this.faults.hung) return;
      try {
        const batch = collect(open, request);
        if (!request.getIsFinal()) return;
        if (mayAppendTo(batch.stream)) this.#take(call, batch);
        else call.write(messages.denied(messages.answerTo(batch.correlationId, batch.stream)));
      } catch {
        stuck = true; // as a real server: an id that is no UUID ends all answers on this call
      }
    });
  }

  append(call: ServerReadableStream<AppendReq, AppendResponse>, reply: sendUnaryData<AppendResponse>): void {
    let options: AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('error', () => undefined);
    call.on('data', (request: AppendReq) => {
      options = request.getOptions() ?? options;
      const message = request.getProposedMessage();
      if (message !== undefined) events.push(messages.toProposed(message));
    });
    call.on('end', () => {
      if (options === undefined || this.faults.hung) return;
      if (messages.bytesOf(events) > this.faults.maxAppendBytes) return reply(tooLarge(this.faults.maxAppendBytes));
      const expected = messages.expectationOf(options);
      const taken = this.log.take(messages.nameOf(options), expected, events);
      if (taken === 'not-ready') return; // the deadline of the call ends it
      if ('wrongAt' in taken) return reply(null, wrongVersion(expected, taken.wrongAt));
      if ('last' in taken) return reply(null, success(taken.last));
      this.#durably(taken, () => {
        const last = taken.commit();
        if (last !== undefined) reply(null, success(last));
      });
    });
  }

  #take(call: BatchCall, batch: Batch): void {
    const fault = this.faults.appends.shift();
    if (fault === 'never-answer') return;
    if (fault === 'drop-before-storing') return this.server.cutConnections();
    if (fault === 'not-leader') {
      call.emit('error', notLeader(this.server.port));
      return;
    }
    const answer = messages.answerTo(batch.correlationId, batch.stream);
    const say = (response: BatchAppendResp): void => {
      if (fault === 'drop-after-storing') return this.server.cutConnections();
      if (fault === 'lose-reply' || this.faults.hung || call.destroyed) return;
      call.write(response);
      if (fault === 'reply-twice') call.write(response);
    };
    if (fault === 'refuse') return say(messages.refused(answer));
    if (messages.bytesOf(batch.events) > this.faults.maxAppendBytes)
      return say(messages.tooLarge(answer, this.faults.maxAppendBytes));
    this.#settle(batch, this.log.take(batch.stream, batch.expected, batch.events), answer, say);
  }

  #settle(
    { expected, deadline }: Batch,
    taken: Taken,
    answer: BatchAppendResp,
    say: (response: BatchAppendResp) => void,
  ): void {
    if (taken === 'not-ready') return this.#drop(deadline, () => say(messages.timedOut(answer)));
    if ('wrongAt' in taken) return say(messages.wrongVersion(answer, expected, taken.wrongAt));
    if ('last' in taken) return say(messages.success(answer, taken.last));
    this.#durably(taken, () => {
      const last = taken.commit();
      if (last !== undefined) say(messages.success(answer, last));
    });
  }

  /** Goes on when the append is durable, unless the server is killed before. */
  #durably(accepted: Accepted, goOn: () => void): void {
    const finish = (): void => {
      if (this.#pending.delete(underWay)) goOn();
    };
    const { appendDelayMs } = this.faults;
    const slow = appendDelayMs > 0;
    const underWay: UnderWay = { accepted, ...(slow && { timer: setTimeout(finish, appendDelayMs) }) };
    this.#pending.add(underWay);
    if (!slow) this.disk.flush(finish);
  }

  /** Says nothing until the deadline. */
  #drop(deadline: number, timedOut: () => void): void {
    const timer = setTimeout(
      () => {
        this.#dropped.delete(timer);
        timedOut();
      },
      Math.max(0, deadline - Date.now()),
    );
    this.#dropped.add(timer);
  }

  /** The server is killed in the middle: of what it has taken, every other append is stored, and none is answered. */
  die(): void {
    const { interrupted } = this;
    for (const { accepted, timer } of this.#pending) {
      clearTimeout(timer);
      if (interrupted.stored > interrupted.lost) accepted.drop();
      if (accepted.commit() === undefined) interrupted.lost++;
      else interrupted.stored++;
    }
    this.#pending.clear();
    for (const timer of this.#dropped) clearTimeout(timer);
    this.#dropped.clear();
  }
}

/** Adds a request to its batch, which may come in several. */
function collect(open: Map<string, Batch>, request: BatchAppendReq): Batch {
  const correlationId = request.getCorrelationId();
  const key = correlationId?.getString() ?? '';
  const options = request.getOptions();
  const batch = options
    ? {
        correlationId,
        stream: messages.nameOf(options),
        expected: messages.expectationOf(options),
        events: [],
        deadline: options.getDeadline()?.toDate().getTime() ?? Date.now() + SERVER_TIMEOUT_MS,
      }
    : open.get(key);
  if (batch === undefined) throw new Error('a batch without options');
  batch.events.push(...request.getProposedMessagesList().map(messages.toProposed));
  if (request.getIsFinal()) open.delete(key);
  else open.set(key, batch);
  return batch;
}

function success(last: { readonly revision: number; readonly position: number }): AppendResponse {
  const position = new streams.AppendResp.Position();
  position.setCommitPosition(String(last.position)).setPreparePosition(String(last.position));
  const message = new streams.AppendResp.Success();
  return new streams.AppendResp().setSuccess(message.setCurrentRevision(String(last.revision)).setPosition(position));
}

function wrongVersion(expected: Expectation, actual: number): AppendResponse {
  const message = new streams.AppendResp.WrongExpectedVersion();
  if (actual < 0) message.setCurrentNoStream(new shared.Empty());
  else message.setCurrentRevision(String(actual));
  if (expected === 'no-stream') message.setExpectedNoStream(new shared.Empty());
  else if (typeof expected === 'number') message.setExpectedRevision(String(expected));
  else message.setExpectedStreamExists(new shared.Empty());
  return new streams.AppendResp().setWrongExpectedVersion(message);
}

function tooLarge(maxAppendBytes: number): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set('exception', 'maximum-append-size-exceeded');
  metadata.set('maximum-append-size', String(maxAppendBytes));
  return { code: status.INVALID_ARGUMENT, details: 'Maximum Append Size Exceeded.', metadata };
}

function notLeader(port: number): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', String(port));
  return { code: status.NOT_FOUND, details: 'Leader info available', metadata };
}
