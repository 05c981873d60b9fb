// Chat completion chunks as legacy completion chunks.
import type { JsonObject } from '../../../kernel/index.js';
import { UsageSoFar } from '../chat-usage.js';
import { objectIn, objectsOf, parseObject } from '../json.js';
import { readError } from '../reported-error.js';
import type { AnswerContext, ClientFormatStream } from '../wire.js';
import { choiceOf, emptyCompletion, finishOf, textOf } from './answer.js';

const frame = (data: JsonObject): string => `data: ${JSON.stringify(data)}\n\n`;

export class CompletionStream implements ClientFormatStream {
  readonly #empty: JsonObject;
  readonly #withUsage: boolean;
  readonly #usage = new UsageSoFar();

  constructor(context: AnswerContext, request: JsonObject) {
    this.#empty = emptyCompletion(context);
    this.#withUsage = objectIn(request, 'stream_options')?.['include_usage'] === true;
  }

  /** Deltas without text (the role, reasoning) produce nothing. */
  push(data: string): string {
    const chunk = parseObject(data);
    if (chunk === undefined || readError(chunk, true) !== undefined) return '';
    const choices = objectsOf(chunk['choices']).flatMap((choice, place) => {
      const [said, finish] = [objectIn(choice, 'delta') ?? {}, finishOf(choice)];
      return textOf(said) === '' && finish === null ? [] : [choiceOf(choice, { said, place, finish })];
    });
    const usage = this.#usage.take(chunk) && this.#withUsage ? this.#usage.latest : undefined;
    const text = choices.length === 0 ? '' : this.#chunk(choices, null);
    return usage === undefined ? text : text + this.#chunk([], usage);
  }

  end(): string {
    return 'data: [DONE]\n\n';
  }

  fail(error: JsonObject): string {
    return frame(error);
  }

  #chunk(choices: readonly JsonObject[], usage: JsonObject | null): string {
    return frame({ ...this.#empty, choices, ...(this.#withUsage && { usage }) });
  }
}
