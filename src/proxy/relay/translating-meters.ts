// Meters that translate: a provider's stream into chat completion chunks, and those into the stream of another API.
import { type JsonObject, type JsonValue, withDoubles } from '../../kernel/index.js';
import type { ClientFormatStream, UpstreamStream } from '../wire/index.js';
import { ChunkDelivery } from './delivery.js';
import type { Meter } from './meter.js';
import { DONE_FRAME, dataFrame, dataOf, frameTexts, jsonObject, wholeStop } from './sse.js';

/** Translates the data of frames. `heard` is called with the translation of each. */
function translatedFrames(
  stream: UpstreamStream | ClientFormatStream,
  bytes: Buffer,
  heard?: (translated: string) => void,
): Buffer {
  let passed = '';
  for (const frame of frameTexts(bytes.toString('utf8'))) {
    const data = dataOf(wholeStop(frame));
    if (data === undefined) continue;
    const translated = stream.push(data);
    heard?.(translated);
    passed += translated;
  }
  return Buffer.from(passed);
}

/** Turns a provider's stream into chat completion chunks. */
export class UpstreamFormatMeter implements Meter {
  readonly delivery = new ChunkDelivery();
  #lastUsage: JsonValue | undefined;

  constructor(private readonly stream: UpstreamStream) {}

  get usage() {
    return this.stream.usage && withDoubles(this.stream.usage);
  }

  get unbilled() {
    return this.stream.unbilled ?? false;
  }

  get error() {
    return this.stream.error;
  }

  get done() {
    return this.stream.hasEndMark && this.stream.done;
  }

  get mayBeOver() {
    return this.stream.done;
  }

  listen(bytes: Buffer): Buffer {
    return translatedFrames(this.stream, bytes, (chunks) => this.#heard(chunks));
  }

  #heard(chunks: string): void {
    const { piece, usage } = this.stream;
    if (piece !== undefined) this.delivery.hearPiece(piece.choice, Buffer.byteLength(piece.text));
    else for (const frame of frameTexts(chunks)) this.delivery.hear(jsonObject(dataOf(frame) ?? '') ?? {});
    if (this.#lastUsage !== usage) this.delivery.counted();
    this.#lastUsage = usage;
  }

  endsWhole(): boolean {
    return this.stream.done;
  }

  end(): Buffer {
    return DONE_FRAME;
  }

  fail(error: JsonObject): Buffer {
    return dataFrame(error);
  }
}

/** Turns chat completion chunks into the stream of another API. */
export class ClientFormatMeter implements Meter {
  constructor(
    private readonly chunks: Meter,
    private readonly stream: ClientFormatStream,
  ) {}

  get usage() {
    return this.chunks.usage;
  }

  get unbilled() {
    return this.chunks.unbilled ?? false;
  }

  get delivery() {
    return this.chunks.delivery;
  }

  get error() {
    return this.chunks.error;
  }

  get done() {
    return this.chunks.done;
  }

  get mayBeOver() {
    return this.chunks.mayBeOver ?? false;
  }

  listen(bytes: Buffer): Buffer {
    return translatedFrames(this.stream, this.chunks.listen(bytes));
  }

  endsWhole(rest: Buffer): boolean {
    return this.chunks.endsWhole(rest);
  }

  end(): Buffer {
    return Buffer.from(this.stream.end());
  }

  fail(error: JsonObject): Buffer {
    return Buffer.from(this.stream.fail(error));
  }
}
