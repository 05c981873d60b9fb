// Listens to a stream of OpenAI's Responses API on its way to a client that speaks it: finds the usage, an error and the end. All bytes pass
// untouched except the end, which waits for the charge. When an answer fails, the provider's own events pass on unless they are about our
// account there, as clients depend on their codes (Codex shortens a long conversation on `context_length_exceeded`).
// https://developers.openai.com/api/reference/resources/responses/streaming-events
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { readError, type ReportedError, responseFailure, textIn } from '../wire/index.js';
import { Delivery } from './delivery.js';
import type { Meter } from './meter.js';
import { EMPTY, frameData, framesThatPass, jsonObject } from './sse.js';

/** Items that come in deltas; the others only come whole. */
const IN_DELTAS = ['message', 'reasoning', 'function_call', 'custom_tool_call'];

export class ResponsesMeter implements Meter {
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  readonly delivery = new Delivery();
  /** The final frame. */
  #end: Buffer | undefined;
  /** The provider's own events of its failure. */
  #failure: Buffer | undefined;
  #response: JsonObject = {};
  #events = 0;

  get done(): boolean {
    return this.#end !== undefined;
  }

  /** Without its last event the answer broke off. */
  endsWhole(): boolean {
    return this.done;
  }

  end(): Buffer {
    return this.#end ?? EMPTY;
  }

  fail(error: JsonObject): Buffer {
    return this.#failure ?? Buffer.from(responseFailure(error, this.#response, this.#events));
  }

  /** Takes whole frames and returns the bytes to pass on. An error may come twice, with the usage in the second event. */
  listen(bytes: Buffer): Buffer {
    if (this.done || this.error !== undefined) return EMPTY;
    return framesThatPass(bytes, (frame) => !this.done && this.#hear(frame) && this.error === undefined);
  }

  /** Whether the frame passes on. */
  #hear(frame: Buffer): boolean {
    const event = jsonObject(frameData(frame) ?? '');
    if (event === undefined) return true;
    const type = textIn(event, 'type') ?? '';
    switch (type) {
      case 'response.created':
        this.#response = objectIn(event, 'response');
        break;
      case 'response.completed':
      case 'response.incomplete':
        this.#takeUsage(event);
        this.#end = frame;
        return false;
      case 'response.failed':
        this.#takeUsage(event);
        this.#fail(frame, readError(objectIn(event, 'response')));
        return false;
      case 'error':
        // OpenAI puts the fields that its reference has beside `type` into an object of their own.
        this.#fail(frame, readError(event));
        return false;
      default:
        this.delivery.take(textOf(type, event));
    }
    this.#events++;
    return true;
  }

  #takeUsage(event: JsonObject): void {
    const usage = objectIn(event, 'response')['usage'] ?? undefined;
    if (usage === undefined) return;
    this.usage = usage;
    this.delivery.counted();
    this.delivery.finished = true;
  }

  #fail(frame: Buffer, error: ReportedError = { message: undefined }): void {
    const isOurs = this.error?.about === 'gateway' || error.about === 'gateway';
    this.error ??= error;
    this.#failure = isOurs ? undefined : Buffer.concat([this.#failure ?? EMPTY, frame]);
  }
}

const objectIn = (object: JsonObject, field: string): JsonObject => {
  const value = object[field];
  return isJsonObject(value) ? value : {};
};

/** What the model has written in an event: a delta, the name of a tool it calls, or an item that comes whole. */
function textOf(type: string, event: JsonObject): string {
  if (type.endsWith('.delta')) return textIn(event, 'delta') ?? '';
  const item = objectIn(event, 'item');
  if (type === 'response.output_item.added') return textIn(item, 'name') ?? '';
  const isWhole = type === 'response.output_item.done' && !IN_DELTAS.includes(textIn(item, 'type') ?? '');
  return isWhole ? JSON.stringify(item) : '';
}
