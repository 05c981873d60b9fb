// Gemini's stream as chat completion chunks. Each event is a GenerateContentResponse with the next piece of each
// candidate and the usage so far. There is no [DONE]: the answer is complete when the body has ended and every
// candidate has given its finish reason. This is the hot path. Most events hold one piece of text, whose frame is two
// prepared strings around it.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseExactly } from '../../../kernel/index.js';
import type { AnswerContext, Piece, UpstreamStream } from '../wire.js';
import { callIdPrefix, heldBy, indexOf, logprobsOf, type Numbering, partsOf } from './candidate.js';
import { readError, type ReportedError } from '../reported-error.js';
import { blockReasonOf, finishOf, reasonOf } from './finish.js';
import { extraContent } from './signature.js';
import { mergeUsage, openAiUsage } from './usage.js';

interface Choice extends Numbering {
  /** The part of a frame before the JSON of a piece of text. */
  readonly textHead: string;
  calls: number;
  /** Why it ended, in OpenAI's word; undefined while it goes on. */
  finish: string | undefined;
}

const TEXT_TAIL = '},"logprobs":null,"finish_reason":null}]}\n\n';

export class GeminiStream implements UpstreamStream {
  piece: Piece | undefined;
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  readonly hasEndMark = false;
  readonly #head: string;
  readonly #choices = new Map<number, Choice>();
  #open = 0;

  constructor(
    private readonly context: AnswerContext,
    private readonly includeUsage: boolean,
  ) {
    const { id, created, model } = context;
    const head = { id, object: 'chat.completion.chunk', created, model };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  }

  /** Ask only when the body has ended: another event may still follow. */
  get done(): boolean {
    return this.#choices.size > 0 && this.#open === 0;
  }

  push(data: string): string {
    this.piece = undefined;
    if (this.error !== undefined) return '';
    const event = parse(data);
    this.error = readError(event);
    if (this.error !== undefined || !isJsonObject(event)) return '';
    const { usageMetadata, candidates, promptFeedback } = event;
    const wasDone = this.done;
    if (isJsonObject(usageMetadata)) this.usage = mergeUsage(this.usage, usageMetadata);
    let frames = '';
    if (isJsonArray(candidates)) {
      for (let position = 0; position < candidates.length; position++) {
        const candidate = candidates[position];
        if (isJsonObject(candidate)) frames += this.#candidate(candidate, indexOf(candidate, position));
      }
      if (candidates.length > 1) this.piece = undefined;
    }
    const blocked = promptFeedback === undefined ? undefined : blockReasonOf(promptFeedback);
    if (blocked !== undefined && this.#choices.size === 0) frames += this.#candidate({ finishReason: blocked }, 0);
    const isNews = !wasDone || usageMetadata !== undefined;
    return this.includeUsage && this.done && isNews ? frames + this.#usageFrame() : frames;
  }

  #candidate(candidate: JsonObject, index: number): string {
    const known = this.#choices.get(index);
    if (known === undefined) return this.#piece(candidate, index, this.#start(index), true);
    const text = onlyText(candidate);
    if (text !== undefined) {
      this.piece = { choice: index, text };
      return known.textHead + JSON.stringify(text) + TEXT_TAIL;
    }
    return this.#piece(candidate, index, known, false);
  }

  #start(index: number): Choice {
    const textHead = `${this.#head}{"index":${index},"delta":{"content":`;
    const { id, oneCall = false, names } = this.context;
    const choice = { textHead, idPrefix: callIdPrefix(id, index), calls: 0, oneCall, names, finish: undefined };
    this.#choices.set(index, choice);
    this.#open++;
    return choice;
  }

  /** A piece of any kind, with the role when it is a choice's first. */
  #piece(candidate: JsonObject, index: number, choice: Choice, isFirst: boolean): string {
    const { content, reasoning, calls, signature } = heldBy(candidate, choice);
    const delta = {
      ...(isFirst && { role: 'assistant' }),
      ...((content !== '' || isFirst) && { content }),
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(calls.length > 0 && { tool_calls: calls.map((call, n) => ({ index: choice.calls + n, ...call })) }),
      ...(signature !== undefined && { extra_content: extraContent(signature) }),
    };
    choice.calls += calls.length;
    const logprobs = logprobsOf(candidate) ?? null;
    const finish = this.#finish(candidate, choice);
    if (finish === undefined && logprobs === null && Object.keys(delta).length === 0) return '';
    return `${this.#head}${JSON.stringify({ index, delta, logprobs, finish_reason: null, ...finish })}]}\n\n`;
  }

  /**
   * Why a choice has ended; undefined when this says nothing new. Some streams have `STOP` in every event, and the true reason in the last
   * (recorded in FirebaseExtended/vertexai-sdk-test-data, streaming-failure-recitation-no-content).
   */
  #finish(candidate: JsonObject, choice: Choice): JsonObject | undefined {
    const reason = reasonOf(candidate);
    const finish = reason === undefined ? undefined : finishOf(reason, choice.calls > 0);
    if (finish === undefined || finish.finish_reason === choice.finish) return undefined;
    if (choice.finish === undefined) this.#open--;
    choice.finish = finish.finish_reason;
    return finish;
  }

  #usageFrame(): string {
    const usage = openAiUsage(this.usage);
    return usage === undefined ? '' : `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n`;
  }
}

/** The text of a candidate that is one piece of text; undefined for all others. */
function onlyText(candidate: JsonObject): string | undefined {
  if (candidate['finishReason'] !== undefined || candidate['logprobsResult'] !== undefined) return undefined;
  const parts = partsOf(candidate);
  const part = parts[0];
  if (parts.length !== 1 || !isJsonObject(part)) return undefined;
  const { text, thought, thoughtSignature } = part;
  const isPlain = typeof text === 'string' && text !== '' && thought === undefined && thoughtSignature === undefined;
  return isPlain && part['functionCall'] === undefined ? text : undefined;
}

function parse(data: string): unknown {
  try {
    return parseExactly(data);
  } catch {
    return undefined; // a broken event has no effect
  }
}
