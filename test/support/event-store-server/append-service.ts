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
import type { EventLog, Expectation, ProposedEvent } from './event-log.js';
import type { Faults } from './faults.js';
import * as messages from './messages.js';

interface Batch {
  readonly correlationId: UUID | undefined;
  readonly stream: string;
  readonly expected: Expectation;
  readonly events: ProposedEvent[];
}

type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** Appends, in the two ways a client may ask for them. */
export class AppendService {
  /** The appends in whose middle the server was killed. */
  readonly interrupted = { stored: 0, lost: 0 };
  /** What the server has taken and neither stored nor answered yet. */
  readonly #pending = new Map<NodeJS.Timeout, Batch>();

  constructor(
    private readonly log: EventLog,
    private readonly faults: Faults,
    private readonly server: { readonly port: number; cutConnections(): void },
  ) {}

  get pendingAppends(): number {
    return this.#pending.size;
  }

  batchAppend(call: BatchCall): void {
    const open = new Map<string, Batch>();
    let stuck = false;
    call.on('error', () => undefined); // a connection that was cut
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      if (stuck || this.faults.hung) return;
      try {
        const batch = collect(open, request);
        if (request.getIsFinal()) this.#take(call, batch);
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
      const written = this.log.append(messages.nameOf(options), expected, events);
      reply(null, 'last' in written ? success(written.last) : wrongVersion(expected, written.wrongAt));
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
    const finish = (): void => {
      const answer = messages.answerTo(batch.correlationId, batch.stream);
      const response = fault === 'refuse' ? messages.refused(answer) : this.#write(batch, answer);
      if (fault === 'drop-after-storing') return this.server.cutConnections();
      if (fault === 'lose-reply' || this.faults.hung || call.destroyed) return;
      call.write(response);
      if (fault === 'reply-twice') call.write(response);
    };
    if (this.faults.appendDelayMs === 0) return finish();
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      finish();
    }, this.faults.appendDelayMs);
    this.#pending.set(timer, batch);
  }

  /** The server is killed in the middle: of what it has taken, every other append is stored, and none is answered. */
  die(): void {
    const { interrupted } = this;
    for (const [timer, { stream, expected, events }] of this.#pending) {
      clearTimeout(timer);
      if (interrupted.stored > interrupted.lost) interrupted.lost++;
      else if ('last' in this.log.append(stream, expected, events)) interrupted.stored++;
    }
    this.#pending.clear();
  }

  #write({ stream, expected, events }: Batch, answer: BatchAppendResp): BatchAppendResp {
    if (messages.bytesOf(events) > this.faults.maxAppendBytes)
      return messages.tooLarge(answer, this.faults.maxAppendBytes);
    const written = this.log.append(stream, expected, events);
    return 'last' in written
      ? messages.success(answer, written.last)
      : messages.wrongVersion(answer, expected, written.wrongAt);
  }
}

/** Adds a request to its batch, which may come in several. */
function collect(open: Map<string, Batch>, request: BatchAppendReq): Batch {
  const correlationId = request.getCorrelationId();
  const key = correlationId?.getString() ?? '';
  const options = request.getOptions();
  const batch = options
    ? { correlationId, stream: messages.nameOf(options), expected: messages.expectationOf(options), events: [] }
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
