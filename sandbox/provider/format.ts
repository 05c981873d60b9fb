// Connects replies with the wire formats.
import type { ChatRequest } from './chat-request.js';
import type { WireError } from './errors.js';
import type { Knobs } from './knobs.js';
import type { Reply } from './reply.js';

/** An answer to a chat before it is written in a wire format. */
export interface Answer {
  readonly id: string;
  /** Seconds since the Unix epoch. */
  readonly created: number;
  readonly request: ChatRequest;
  readonly knobs: Knobs;
  readonly reply: Reply;
}

/** Bytes to write, and the usage reported up to and including them, as the provider's own block. */
export interface Frame {
  readonly text: string;
  readonly usage: object | null;
}

/** A provider's wire format for chats. Both shapes of an answer hold the same content. */
export interface ChatFormat {
  /** The prefix of its answers' ids. */
  readonly idPrefix: string;
  /** The whole answer as JSON. */
  whole(answer: Answer): Frame;
  /** The whole answer as server-sent events. Without the last one, a client can't know that it is complete. */
  frames(answer: Answer): readonly Frame[];
  /** The event that reports an error and ends the stream. */
  failed(failure: WireError): string;
}

/**
 * Joins pieces into `chunks` texts of about equal length; with 0, or more than there are, each piece stays on its own.
 */
export function grouped(pieces: readonly string[], chunks = 0): readonly string[] {
  if (chunks === 0 || chunks >= pieces.length) return pieces;
  const start = (chunk: number) => Math.floor((chunk * pieces.length) / chunks);
  return Array.from({ length: chunks }, (_, chunk) => pieces.slice(start(chunk), start(chunk + 1)).join(''));
}
