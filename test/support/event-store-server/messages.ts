// Between the wire format of the client's own service definitions and the log.
import shared, { type UUID } from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams, {
  type AppendReq,
  type BatchAppendReq,
  type BatchAppendResp as BatchAppendResponse,
  type ReadResp as ReadResponse,
} from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import protobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Message } from 'google-protobuf';
import type { Expectation, ProposedEvent, StoredEvent } from './event-log.js';

/** In bytes, of the data, metadata and types of one append: MaxAppendSize, as it is unless configured. */
export const MAX_APPEND_BYTES = 1024 * 1024;

const TICKS_PER_MILLISECOND = 10_000n;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const ABORTED = 10;
const FAILED_PRECONDITION = 9;
const INVALID_ARGUMENT = 3;
const UUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const bytesOf = (events: readonly ProposedEvent[]): number =>
  events.reduce((sum, { type, data, metadata }) => sum + data.length + metadata.length + 2 * type.length, 0);

/** @throws TypeError when an id is no UUID. */
export function toProposed(message: BatchAppendReq.ProposedMessage | AppendReq.ProposedMessage): ProposedEvent {
  const id = message.getId()?.getString() ?? '';
  if (!UUID_PATTERN.test(id)) throw new TypeError(`"${id}" is no UUID`);
  const map = message.getMetadataMap();
  return {
    id: id.toLowerCase(),
    type: map.get('type') ?? '',
    contentType: map.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export const nameOf = (options: AppendReq.Options | BatchAppendReq.Options): string =>
  new TextDecoder().decode(options.getStreamIdentifier()?.getStreamName_asU8());

export function expectationOf(options: AppendReq.Options | BatchAppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream-exists';
  return Number('getRevision' in options ? options.getRevision() : options.getStreamPosition());
}

function toStreamIdentifier(stream: string) {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(new TextEncoder().encode(stream));
  return identifier;
}

function toPosition({ position }: StoredEvent) {
  const message = new shared.AllStreamPosition();
  message.setCommitPosition(String(position)).setPreparePosition(String(position));
  return message;
}

export function toReadEvent(event: StoredEvent): ReadResponse {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  recorded.setId(id).setStreamIdentifier(toStreamIdentifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position)).setPreparePosition(String(event.position));
  recorded.setData(event.data).setCustomMetadata(event.metadata);
  const created = String(BigInt(event.createdMs) * TICKS_PER_MILLISECOND);
  recorded.getMetadataMap().set('type', event.type).set('content-type', event.contentType).set('created', created);
  const read = new streams.ReadResp.ReadEvent();
  read.setEvent(recorded).setCommitPosition(String(event.position));
  return new streams.ReadResp().setEvent(read);
}

export function toCheckpoint({ position }: StoredEvent): ReadResponse {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position)).setPreparePosition(String(position));
  return new streams.ReadResp().setCheckpoint(checkpoint);
}

export const confirmation = (id: string): ReadResponse =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUp = (): ReadResponse => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const streamNotFound = (stream: string): ReadResponse =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(toStreamIdentifier(stream)),
  );

/** What every answer to a batch begins with. */
export function answerTo(correlationId: UUID | undefined, stream: string): BatchAppendResponse {
  const answer = new streams.BatchAppendResp();
  return answer.setCorrelationId(correlationId).setStreamIdentifier(toStreamIdentifier(stream));
}

export function success(answer: BatchAppendResponse, last: StoredEvent): BatchAppendResponse {
  const message = new streams.BatchAppendResp.Success();
  return answer.setSuccess(message.setCurrentRevision(String(last.revision)).setPosition(toPosition(last)));
}

export function wrongVersion(answer: BatchAppendResponse, expected: Expectation, actual: number): BatchAppendResponse {
  const details = new shared.WrongExpectedVersion();
  if (actual < 0) details.setCurrentNoStream(new protobufEmpty.Empty());
  else details.setCurrentStreamRevision(String(actual));
  if (expected === 'no-stream') details.setExpectedNoStream(new protobufEmpty.Empty());
  else if (expected === 'stream-exists') details.setExpectedStreamExists(new protobufEmpty.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return failure(answer, FAILED_PRECONDITION, 'event_store.client.WrongExpectedVersion', details);
}

export const tooLarge = (answer: BatchAppendResponse, maxAppendBytes: number): BatchAppendResponse =>
  failure(
    answer,
    INVALID_ARGUMENT,
    'event_store.client.MaximumAppendSizeExceeded',
    new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxAppendBytes),
  );

export const timedOut = (answer: BatchAppendResponse): BatchAppendResponse =>
  failure(answer, DEADLINE_EXCEEDED, 'event_store.client.Timeout', new shared.Timeout());

export const denied = (answer: BatchAppendResponse): BatchAppendResponse =>
  failure(answer, PERMISSION_DENIED, 'event_store.client.AccessDenied', new shared.AccessDenied());

export const refused = (answer: BatchAppendResponse): BatchAppendResponse =>
  failure(answer, ABORTED, 'event_store.client.Unknown', new shared.Unknown());

function failure(answer: BatchAppendResponse, code: number, name: string, message: Message): BatchAppendResponse {
  const details = new any.Any();
  details.pack(message.serializeBinary(), name);
  return answer.setError(new status.Status().setCode(code).setMessage(name).setDetails(details));
}
