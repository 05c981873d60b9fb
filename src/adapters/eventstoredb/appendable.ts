import { NO_STREAM, type NewEvent } from '../../event-store/event-store.js';
import { isJsonObject } from '../../kernel/index.js';

/** What can't be appended as it is, ever: nothing of it was stored. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The server's MaxAppendSize, unless configured: what data, metadata and types of one append may come to, in bytes. */
const MAX_APPEND_BYTES = 1024 * 1024;
/** In lower case, as the server gives them back. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Checks what would make the client hang for good, throw where nobody catches it, or write an event twice.
 * @throws AppendRefused
 */
export function assertAppendable(stream: string, expected: number, events: readonly NewEvent[]): void {
  if (stream === '' || stream.startsWith('$')) throw new AppendRefused(`"${stream}" is no name for a stream`);
  if (!Number.isSafeInteger(expected) || expected < NO_STREAM) {
    throw new AppendRefused(`${expected} is no revision of ${stream}`);
  }
  if (events.length === 0) throw new AppendRefused(`an append to ${stream} has no events`);
  if (new Set(events.map(({ id }) => id)).size < events.length) {
    throw new AppendRefused(`an append to ${stream} has an event id twice`);
  }
  const bytes = events.reduce((sum, event) => sum + bytesOf(stream, event), 0);
  if (bytes > MAX_APPEND_BYTES) {
    throw new AppendRefused(`an append to ${stream} has ${bytes} bytes; the server takes ${MAX_APPEND_BYTES}`);
  }
}

/** By the server's own count (Event.SizeOnDisk). */
function bytesOf(stream: string, { id, type, data, metadata }: NewEvent): number {
  if (!UUID.test(id)) throw new AppendRefused(`${type} for ${stream} has the id "${id}", which is no UUID`);
  if (type === '' || type.startsWith('$')) throw new AppendRefused(`"${type}" is no type for an event of ${stream}`);
  return jsonBytes(data) + jsonBytes(metadata) + 2 * type.length;

  function jsonBytes(value: unknown): number {
    if (!isJsonObject(value)) throw new AppendRefused(`${type} for ${stream} is no JSON object`);
    try {
      return Buffer.byteLength(JSON.stringify(value));
    } catch (cause) {
      throw new AppendRefused(`${type} for ${stream} is no JSON: ${String(cause)}`, { cause });
    }
  }
}
