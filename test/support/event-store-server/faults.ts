import { MAX_APPEND_BYTES } from './messages.js';

/**
 * What goes wrong with one append:
 * - `lose-reply`: stored, and never answered;
 * - `never-answer`: not stored, and never answered;
 * - `reply-twice`: stored, and answered twice, as after an error that the client took for the answer;
 * - `drop-before-storing`, `drop-after-storing`: all connections are cut, as when the server is killed;
 * - `refuse`: the server answers with an error it gives no reason for;
 * - `not-leader`: the server says that another node, itself, is the leader.
 */
export const APPEND_FAULTS = [
  'lose-reply',
  'never-answer',
  'reply-twice',
  'drop-before-storing',
  'drop-after-storing',
  'refuse',
  'not-leader',
] as const;
export type AppendFault = (typeof APPEND_FAULTS)[number];

/** What the stand-in does wrong, on demand. Everything may be changed at any time. */
export class Faults {
  /** One per append, in this order; appends after them succeed. */
  readonly appends: AppendFault[] = [];
  /** How long every append takes before it is stored, in milliseconds. */
  appendDelayMs = 0;
  /** The most one append may come to, in bytes: MaxAppendSize. */
  maxAppendBytes = MAX_APPEND_BYTES;
  /** Subscriptions send every event twice, and the one before it again. */
  duplicates = false;
  /** Calls are taken and never answered, as by a process that is stopped. */
  hung = false;
}
