// Listens to a stream of chat completion chunks on its way: finds the usage, the end and an error. It takes out a usage chunk that the client
// did not ask for, as its `choices`, which are empty or missing, break clients. All other bytes pass untouched.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { mergeChatUsage, readError, readErrorBody, type ReportedError, usageOfAnswer } from '../wire/index.js';
import { AlikeChunks } from './alike-chunks.js';
import { ChunkDelivery } from './delivery.js';
import type { Meter } from './meter.js';
import { dataFrame, DONE, DONE_FRAME, EMPTY, frameData, frameEvent, jsonObject, rangesThatPass } from './sse.js';

export class ChatMeter implements Meter {
  /** Usage blocks in every chunk are cumulative, so a later one never lowers a count. */
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  readonly delivery = new ChunkDelivery();
  readonly #alike = new AlikeChunks();
  /** Whether the last usage came in a chunk of its own. */
  #countedApart = false;
  /** What chunks say of the answer as a whole. */
  #about: JsonObject | undefined;
  /** The final frame. */
  #done: Buffer | undefined;

  constructor(private readonly passUsageChunk: boolean) {}

  get done(): boolean {
    return this.#done !== undefined;
  }

  end(): Buffer {
    return this.#done ?? Buffer.concat([this.#untoldEnds(), DONE_FRAME]);
  }

  /** Some providers do not say why a choice ended. opencode takes that for no end, and goes on, call after call (anomalyco/opencode#49414). */
  #untoldEnds(): Buffer {
    const open = this.delivery.unfinished;
    if (open.length === 0) return EMPTY;
    const choices = open.map(({ index, calls }) => ({
      index,
      delta: {},
      finish_reason: calls ? 'tool_calls' : 'stop',
    }));
    return dataFrame({ ...this.#about, choices });
  }

  fail(error: JsonObject): Buffer {
    return dataFrame(error);
  }

  /**
   * Some providers end without [DONE]. With a usage block and a clean end the answer is whole, if it said why it ended or nothing came after
   * a chunk with the usage alone: others report it with every chunk (Perplexity, or vLLM when told to).
   */
  endsWhole(rest: Buffer): boolean {
    const { finished, uncounted } = this.delivery;
    const counted = this.#countedApart && uncounted.pieces === 0;
    return rest.toString('utf8').trim() === '' && this.usage !== undefined && (finished || counted);
  }

  listen(bytes: Buffer): Buffer {
    if (this.done || this.error !== undefined) return EMPTY;
    const text = bytes.toString('latin1');
    const passed = rangesThatPass(bytes, text, (start, end) => {
      if (this.done || this.error !== undefined) return false;
      const textEnd = this.#alike.endOfText(text, start, end);
      if (textEnd === 0) return this.#hear(bytes.subarray(start, end));
      this.delivery.hearPiece(this.#alike.choice, textEnd - this.#alike.begin(start));
      return true;
    });
    const ends = this.done ? this.#untoldEnds() : EMPTY;
    return ends.length === 0 ? passed : Buffer.concat([passed, ends]);
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
    this.error =
      readError(chunk, this.delivery.began) ??
      (isBareError(chunk, frame) ? readErrorBody(data, 'application/json') : undefined);
    const usage = usageOfAnswer(chunk);
    if (this.error !== undefined) {
      this.usage = mergeChatUsage(this.usage, usage);
      return false;
    }
    this.delivery.hear(chunk);
    this.#about ??= aboutOf(chunk);
    if (usage !== undefined) return this.#hearUsage(usage, chunk);
    this.#alike.learn(frame.toString('latin1'), chunk);
    return true;
  }

  #hearUsage(usage: JsonValue, chunk: JsonObject): boolean {
    this.usage = mergeChatUsage(this.usage, usage);
    this.delivery.counted();
    const choices = chunk['choices'];
    this.#countedApart = !Array.isArray(choices) || choices.length === 0;
    return this.passUsageChunk || !this.#countedApart;
  }
}

function aboutOf(chunk: JsonObject): JsonObject {
  const { choices: _choices, usage: _usage, ...about } = chunk;
  return about;
}

/** Whether an event that is not a chunk has the type `error`: then its data need not say so. */
const isBareError = (chunk: JsonObject, frame: Buffer): boolean =>
  chunk['choices'] === undefined && frameEvent(frame) === 'error';
