// What of an event the tree seals. The chain hash covers its stream, revision, type, id and data; the leaf adds what the hash does not.
import { originalPosition, type RecordedEvent } from '../event-store/index.js';
import { canonicalJson, type JsonObject } from '../kernel/index.js';
import { leafHash } from './merkle-tree.js';

/**
 * The leaf of an event: the RFC 8785 canonical JSON of {hash, metadata, position, recordedAt, revision, stream}. `position` and
 * `recordedAt` are those that its first store gave it, so that the root survives a move to another store; `metadata` is the rest of the
 * event's metadata.
 */
export function leafInput(event: RecordedEvent): string {
  const { stream, revision, recordedAt, metadata: all } = event;
  const { hash = null, position: _position, recordedAt: _recordedAt, ...metadata } = all;
  const leaf: JsonObject = { hash, metadata, position: originalPosition(event), recordedAt, revision, stream };
  return canonicalJson(leaf);
}

export const leafOf = (event: RecordedEvent): Buffer => leafHash(leafInput(event));
