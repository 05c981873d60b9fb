// What an append may be, in every adapter: so that what one of them stored can be moved to any other.
import { isJsonObject } from '../kernel/index.js';
import { AppendRefused, type NewEvent, NO_STREAM } from './event-store.js';

/** The most one append may come to by `appendBytes`: what an EventStoreDB takes unless it is configured otherwise (MaxAppendSize). */
export const MAX_APPEND_BYTES = 1024 * 1024;
/** In lower case, as EventStoreDB gives them back. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An event with its data and metadata as JSON text. */
export interface EventText {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** What events count in an append: data, metadata and type, as EventStoreDB counts them (Event.SizeOnDisk). */
export const appendBytes = (events: readonly EventText[]): number =>
  events.reduce(
    (bytes, { type, data, metadata }) =>
      bytes + Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length,
    0,
  );

/**
 * The events of an append as text. Every adapter asks first: it keeps out what would make a client hang for good, throw where nobody
 * catches it, or be written twice.
 * @throws AppendRefused
 */
export function toAppend(stream: string, expected: number, events: readonly NewEvent[]): EventText[] {
  if (stream === '' || stream.startsWith('$')) throw new AppendRefused(`"${stream}" is no name for a stream`);
  if (!Number.isSafeInteger(expected) || expected < NO_STREAM) {
    throw new AppendRefused(`${expected} is no revision of ${stream}`);
  }
  if (events.length === 0) throw new AppendRefused(`an append to ${stream} has no events`);
  if (events.length > 1 && new Set(events.map(({ id }) => id)).size < events.length) {
    throw new AppendRefused(`an append to ${stream} has an event id twice`);
  }
  const asText = events.map(toText);
  const bytes = appendBytes(asText);
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRefused(`an append to ${stream} has ${bytes} bytes; ${MAX_APPEND_BYTES} is the most`);
  }
  return asText;
}

/** @throws AppendRefused when it is no event. */
export function toText({ id, type, data, metadata }: NewEvent): EventText {
  if (!UUID.test(id)) throw new AppendRefused(`${type} has the id "${id}", which is no UUID`);
  if (type === '' || type.startsWith('$')) throw new AppendRefused(`"${type}" is no type for an event`);
  return { id, type, data: jsonOf(type, data), metadata: jsonOf(type, metadata) };
}

/** Whoever names an event or bounds an append needs the text, and the adapter once more. */
const texts = new WeakMap<object, string>();

/** Data or metadata of an event of this type as JSON text: made once, as it is not changed any more. @throws AppendRefused when it has none. */
export function jsonOf(type: string, value: unknown): string {
  if (!isJsonObject(value)) throw new AppendRefused(`${type} has data or metadata that is no JSON object`);
  const known = texts.get(value);
  if (known !== undefined) return known;
  try {
    const text = JSON.stringify(value);
    texts.set(value, text);
    return text;
  } catch (cause) {
    throw new AppendRefused(`${type} has data or metadata without JSON: ${String(cause)}`, { cause });
  }
}
