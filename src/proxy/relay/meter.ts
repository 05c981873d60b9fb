import type { JsonObject, JsonValue } from '../../kernel/index.js';
import type { ReportedError } from '../wire/index.js';
import type { Delivery } from './delivery.js';

/** Listens to a streamed answer on its way to the client. */
export interface Meter {
  /** Takes whole frames and returns the bytes to pass on. */
  listen(frames: Buffer): Buffer;
  /** The last usage block, as the provider sent it. */
  readonly usage: JsonValue | undefined;
  /** Whether the provider bills nothing for the answer, whatever its usage counts. */
  readonly unbilled?: boolean;
  /** How much of the answer has come until now. */
  readonly delivery: Delivery;
  /** The error that the provider reported within the stream. */
  readonly error: ReportedError | undefined;
  /** Whether the answer is whole, so that nothing more need be read. */
  readonly done: boolean;
  /** Whether the answer seems whole, in a format that does not mark its end: then a silence ends it. */
  readonly mayBeOver?: boolean;
  /** Whether the answer is whole although the body has ended with `rest` left over. */
  endsWhole(rest: Buffer): boolean;
  /** The bytes that end the answer; they leave once the charge is durable. */
  end(): Buffer;
  /** The bytes that break the answer off, for an error body in OpenAI's shape. */
  fail(error: JsonObject): Buffer;
}
