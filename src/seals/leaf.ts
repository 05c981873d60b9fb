// What of an event the tree seals. The chain hash covers its stream, revision, type, id and data; the leaf adds what the hash does not.
import { type EventEnvelope, originalPosition } from '../event-store/index.js';
import { canonicalJson } from '../kernel/index.js';
import { leafHash } from './merkle-tree.js';

/**
 * The leaf of an event: the RFC 8785 canonical JSON of {hash, metadata, position, recordedAt, revision, stream}. `position` and
 * `recordedAt` are those that its first store gave it, so that the root survives a move to another store; `metadata` is the rest of the
 * event's metadata.
 */
export function leafInput(event: EventEnvelope): string {
  const { stream, revision, recordedAt, metadata: all } = event;
  const { hash = null, position: _position, recordedAt: _recordedAt, ...metadata } = all;
  return canonicalJson({ hash, metadata, position: originalPosition(event), recordedAt, revision, stream });
}

export const leafOf = (event: EventEnvelope): Buffer => leafHash(leafInput(event));
