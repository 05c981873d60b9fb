// The limits of an append, the same for every adapter, so that a ledger can move from any store to any other.
import { isJsonObject, type JsonObject } from '../kernel/index.js';
import { AppendRefused, type NewEvent, NO_STREAM } from './event-store.js';

/** The largest append by `appendBytes`: EventStoreDB's default limit (MaxAppendSize). */
export const MAX_APPEND_BYTES = 1024 * 1024;
/** Room in the metadata of an event for what authenticates it (src/seals/event-mac.ts). */
export const MAC_BYTES = 64;
/** In lower case, as EventStoreDB gives them back. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An event with its data and metadata as JSON text. */
export interface EventText {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** The size of an append: data, metadata and type, as EventStoreDB counts them (Event.SizeOnDisk). */
export const appendBytes = (events: readonly EventText[]): number =>
  events.reduce((bytes, { type, data, metadata }) => bytes + sizeOnDisk(type, data) + Buffer.byteLength(metadata), 0);

/** The size of an event without its metadata. */
export const sizeOnDisk = (type: string, data: string): number => Buffer.byteLength(data) + 2 * type.length;

/**
 * Turns the events of an append into text. Every adapter calls this first: it refuses input that would make a client
 * hang forever, throw where nothing catches, or write an event twice.
 * @throws AppendRefused
 */
export function toAppend(stream: string, expected: number, events: readonly NewEvent[]): EventText[] {
  if (stream === '' || stream.startsWith('$')) throw new AppendRefused(`"${stream}" is not a valid stream name`);
  if (!Number.isSafeInteger(expected) || expected < NO_STREAM) {
    throw new AppendRefused(`${expected} is not a revision of ${stream}`);
  }
  if (events.length === 0) throw new AppendRefused(`an append to ${stream} has no events`);
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length) {
    throw new AppendRefused(`an append to ${stream} has an event id twice`);
  }
  const asText = events.map(toText);
  const bytes = appendBytes(asText);
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRefused(`an append to ${stream} has ${bytes} bytes; the maximum is ${MAX_APPEND_BYTES}`);
  }
  return asText;
}

/** @throws AppendRefused when it is not a valid event. */
function toText({ id, type, data, dataText, metadata }: NewEvent): EventText {
  if (!UUID.test(id)) throw new AppendRefused(`${type} has the id "${id}", which is not a UUID`);
  if (type === '' || type.startsWith('$')) throw new AppendRefused(`"${type}" is not a valid event type`);
  return { id, type, data: dataText ?? jsonOf(type, data), metadata: jsonOf(type, metadata) };
}

/** The data or metadata of an event as JSON text. @throws AppendRefused when it is not a JSON object. */
export function jsonOf(type: string, value: JsonObject): string {
  if (!isJsonObject(value)) throw new AppendRefused(`${type} has data or metadata that is not a JSON object`);
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new AppendRefused(`${type} has data or metadata that JSON cannot express: ${String(cause)}`, { cause });
  }
}
