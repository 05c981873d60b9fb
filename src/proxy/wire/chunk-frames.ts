// The frames of chat completion chunks with one choice, for streams that are told as such. On the hot path a frame is a prepared head, one
// JSON text, and a prepared tail.
import type { JsonObject } from '../../kernel/index.js';
import type { AnswerContext } from './wire.js';

export class ChunkFrames {
  readonly #head: string;
  readonly #tail: string;
  readonly #deltaHead: string;
  readonly #deltaTail: string;

  constructor({ id, created, model }: AnswerContext, includeUsage: boolean) {
    const shared = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
    this.#head = `data: ${shared.slice(0, -1)},"choices":[`;
    this.#tail = `]${includeUsage ? ',"usage":null' : ''}}\n\n`;
    this.#deltaHead = `${this.#head}{"index":0,"delta":`;
    this.#deltaTail = `,"logprobs":null,"finish_reason":null}${this.#tail}`;
  }

  /** A delta, as JSON text. */
  delta(json: string): string {
    return this.#deltaHead + json + this.#deltaTail;
  }

  choice(choice: JsonObject): string {
    return this.#head + JSON.stringify(choice) + this.#tail;
  }

  /** The last one, without a choice. */
  usage(usage: JsonObject): string {
    return `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n`;
  }
}
