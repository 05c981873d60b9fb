// Listens to the frames of a stream on their way: finds the usage, the end and an error, and takes out the usage chunk that
// the client did not ask for (an unasked chunk with empty `choices` breaks clients). All other bytes pass untouched.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { mergeChatUsage, readError, readErrorBody, type ReportedError } from '../wire/index.js';
import { usageOfAnswer } from './answer.js';
import { ChunkDelivery } from './delivery.js';
import type { Meter } from './meter.js';
import { dataFrame, DONE, DONE_FRAME, frameData, frameEvent, framesThatPass, jsonObject } from './sse.js';

const NOTHING = Buffer.alloc(0);

/** Of chat completion chunks. */
export class ChatMeter implements Meter {
  /** Blocks in every chunk are cumulative: a later one takes nothing back. */
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  readonly delivery = new ChunkDelivery();
  /** The final frame. */
  #done: Buffer | undefined;

  constructor(private readonly passUsageChunk: boolean) {}

  get done(): boolean {
    return this.#done !== undefined;
  }

  end(): Buffer {
    return this.#done ?? DONE_FRAME;
  }

  fail(error: JsonObject): Buffer {
    return dataFrame(error);
  }

  /** Some providers end without [DONE], or without the empty line after it. With a usage block and a clean end the answer is whole. */
  endsWhole(rest: Buffer): boolean {
    return rest.toString('utf8').trim() === '' ? this.usage !== undefined : frameData(rest)?.trim() === DONE;
  }

  listen(bytes: Buffer): Buffer {
    if (this.done || this.error !== undefined) return NOTHING;
    return framesThatPass(bytes, (frame) => !this.done && this.error === undefined && this.#hear(frame));
  }

  /** Whether the frame passes on. */
  #hear(frame: Buffer): boolean {
    const data = frameData(frame);
    if (data === undefined) return true;
    if (data.trim() === DONE) {
      this.#done = frame;
      return false;
    }
    const chunk = jsonObject(data);
    if (chunk === undefined) return true;
    this.error = readError(chunk) ?? (isBareError(chunk, frame) ? readErrorBody(data, 'application/json') : undefined);
    if (this.error !== undefined) return false;
    this.delivery.hear(chunk);
    return this.#hearUsage(chunk);
  }

  #hearUsage(chunk: JsonObject): boolean {
    const usage = usageOfAnswer(chunk);
    if (usage === undefined) return true;
    this.usage = mergeChatUsage(this.usage, usage);
    this.delivery.counted();
    const choices = chunk['choices'];
    return this.passUsageChunk || !Array.isArray(choices) || choices.length > 0;
  }
}

/** Whether an event that is no chunk is told to be an error: then its data need not say so. */
const isBareError = (chunk: JsonObject, frame: Buffer): boolean =>
  chunk['choices'] === undefined && frameEvent(frame) === 'error';
