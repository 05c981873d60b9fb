// The seam between replies and the ways to put them on the wire.
import type { ChatRequest } from './chat-request.js';
import type { WireError } from './errors.js';
import type { Knobs } from './knobs.js';
import type { Reply } from './reply.js';

/** An answer to a chat, on its way into a wire format. */
export interface Answer {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly request: ChatRequest;
  readonly knobs: Knobs;
  readonly reply: Reply;
}

/** Something to write, and the usage it tells: all that has been told until then, in the provider's own block. */
export interface Frame {
  readonly text: string;
  readonly usage: object | null;
}

/** How a provider puts chats on the wire. Both shapes of an answer tell the same. */
export interface ChatFormat {
  /** What the ids of its answers start with. */
  readonly idPrefix: string;
  /** The whole answer as JSON. */
  whole(answer: Answer): Frame;
  /** The whole answer as server-sent events. Without the last one nobody can know that it is whole. */
  frames(answer: Answer): readonly Frame[];
  /** The event that breaks a stream off. */
  failed(failure: WireError): string;
}

/** Joins pieces into `chunks` texts of about equal length; 0, or more than there are, leaves each on its own. */
export function grouped(pieces: readonly string[], chunks = 0): readonly string[] {
  if (chunks === 0 || chunks >= pieces.length) return pieces;
  const start = (chunk: number) => Math.floor((chunk * pieces.length) / chunks);
  return Array.from({ length: chunks }, (_, chunk) => pieces.slice(start(chunk), start(chunk + 1)).join(''));
}
