// Listens to a stream of Anthropic's own events on its way to a client that speaks them: finds the usage, an error and the end. All bytes
// pass untouched except the end, which waits for the charge, an error, which we word ourselves, and a start that is repeated.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import {
  isUnbilledRefusal,
  mergeUsage,
  OneStart,
  readError,
  type ReportedError,
  SPLICED,
  streamError,
  textIn,
} from '../wire/index.js';
import { Delivery } from './delivery.js';
import type { Meter } from './meter.js';
import { dataOf, EMPTY, framesThatPass, jsonObject, wholeStop } from './sse.js';

export class MessagesMeter implements Meter {
  /** The usage block of the start, with later counts in place of earlier ones. */
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  unbilled = false;
  readonly delivery = new Delivery();
  readonly #start = new OneStart();
  /** The final frame. */
  #stop: Buffer | undefined;

  get done(): boolean {
    return this.#stop !== undefined;
  }

  /** Without message_stop the answer broke off, whatever usage it had reported. */
  endsWhole(): boolean {
    return this.done;
  }

  end(): Buffer {
    return this.#stop ?? EMPTY;
  }

  fail(error: JsonObject): Buffer {
    return Buffer.from(`event: error\ndata: ${JSON.stringify(streamError(error))}\n\n`);
  }

  /** Takes whole frames and returns the bytes to pass on. */
  listen(bytes: Buffer): Buffer {
    if (this.done || this.error !== undefined) return EMPTY;
    return framesThatPass(bytes, (frame) => !this.done && this.error === undefined && this.#hear(frame));
  }

  /** Whether the frame passes on. */
  #hear(frame: Buffer): boolean {
    const text = wholeStop(frame.toString('utf8'));
    const event = jsonObject(dataOf(text) ?? '');
    if (event === undefined) return true;
    switch (textIn(event, 'type') ?? '') {
      case 'message_start':
        this.#takeUsage(isJsonObject(event['message']) ? event['message']['usage'] : undefined);
        return this.#begins(event);
      case 'content_block_start':
        this.#start.saysSomething();
        return true;
      case 'content_block_delta':
        this.delivery.take(textOf(event['delta']));
        return true;
      case 'message_delta':
        this.#takeUsage(event['usage']);
        this.#ends(event['delta']);
        return true;
      case 'message_stop':
        this.#stop = Buffer.from(text);
        return false;
      default:
        this.error = readError(event);
        return this.error === undefined;
    }
  }

  /** Whether the answer begins with this event. */
  #begins(event: JsonObject): boolean {
    const isFirst = this.#start.take(event);
    if (isFirst === undefined) this.error = SPLICED;
    return isFirst === true;
  }

  #ends(delta: JsonValue | undefined): void {
    if (!isJsonObject(delta) || typeof delta['stop_reason'] !== 'string') return;
    this.delivery.finished = true;
    this.unbilled = !this.#start.hasBlocks && isUnbilledRefusal(delta);
  }

  #takeUsage(usage: JsonValue | undefined): void {
    if (!isJsonObject(usage)) return;
    this.usage = mergeUsage(this.usage, usage);
    this.delivery.counted();
  }
}

/** What a model has written in a delta of a block: text, thoughts or a part of a tool's input, but not a signature. */
function textOf(delta: JsonValue | undefined): string {
  if (!isJsonObject(delta)) return '';
  const text = delta['text'] ?? delta['thinking'] ?? delta['partial_json'];
  return typeof text === 'string' ? text : '';
}
