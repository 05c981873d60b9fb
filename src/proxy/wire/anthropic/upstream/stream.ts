// Anthropic's stream as chat completion chunks. https://platform.claude.com/docs/en/build-with-claude/streaming This is
// the hot path.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import type { AnswerContext, Piece, UpstreamStream } from '../../wire.js';
import { readError, type ReportedError } from '../../reported-error.js';
import { ChunkFrames } from '../../chunk-frames.js';
import { numberIn, objectIn, parseObject, textIn } from '../../json.js';
import { OneStart, SPLICED } from '../one-start.js';
import { reasoningDetail } from '../reasoning.js';
import { finishReasonOf, isUnbilledRefusal, stopSequenceOf } from '../stop-reasons.js';
import { chatUsage, mergeUsage } from '../usage.js';
import { refusalOf } from './answer.js';

/** A block whose content, or part of it, is sent only when it ends. */
interface OpenBlock {
  readonly start: JsonObject;
  /** Its index among the tool calls. */
  readonly call: number;
  /** Its thinking or arguments so far. */
  text: string;
  signature: string;
}

export class ChunkStream implements UpstreamStream {
  piece: Piece | undefined;
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  done = false;
  unbilled = false;
  readonly hasEndMark = true;

  readonly #frames: ChunkFrames;
  readonly #open = new Map<number, OpenBlock>();
  readonly #begun = new OneStart();
  #calls = 0;
  #finished = false;

  constructor(
    context: AnswerContext,
    private readonly includeUsage: boolean,
  ) {
    this.#frames = new ChunkFrames(context, includeUsage);
  }

  push(data: string): string {
    this.piece = undefined;
    if (this.done || this.error !== undefined) return '';
    const event = parseObject(data);
    if (event === undefined) return '';
    switch (textIn(event, 'type') ?? '') {
      case 'content_block_delta':
        return this.#delta(event);
      case 'content_block_start':
        return this.#start(event);
      case 'content_block_stop':
        return this.#stop(event);
      case 'message_start':
        this.usage = mergeUsage(this.usage, objectIn(event, 'message')?.['usage']);
        return this.#begin(event);
      case 'message_delta':
        this.usage = mergeUsage(this.usage, event['usage']);
        return this.#finish(objectIn(event, 'delta') ?? {});
      case 'message_stop':
        this.done = true;
        return this.#usageFrame();
      default:
        this.error = readError(event); // otherwise a ping, or an unknown kind of event
        return '';
    }
  }

  #begin(event: JsonObject): string {
    const isFirst = this.#begun.take(event);
    if (isFirst === undefined) this.error = SPLICED;
    return isFirst === true ? this.#frames.delta('{"role":"assistant","content":""}') : '';
  }

  #delta(event: JsonObject): string {
    const delta = event['delta'];
    if (!isJsonObject(delta)) return '';
    const text = textIn(delta, 'text');
    if (delta['type'] === 'text_delta') return this.#text('content', text ?? '');
    const block = this.#open.get(numberIn(event, 'index') ?? 0);
    if (delta['type'] === 'thinking_delta') {
      const thinking = textIn(delta, 'thinking') ?? '';
      if (block !== undefined) block.text += thinking;
      return this.#text('reasoning_content', thinking);
    }
    if (block === undefined) return '';
    switch (textIn(delta, 'type') ?? '') {
      case 'signature_delta':
        block.signature = textIn(delta, 'signature') ?? block.signature;
        return '';
      case 'input_json_delta':
        // Server tools have arguments too, which the client does not need.
        return block.start['type'] === 'tool_use' ? this.#arguments(block, textIn(delta, 'partial_json') ?? '') : '';
      default:
        return ''; // citations have no equivalent
    }
  }

  #text(field: 'content' | 'reasoning_content', text: string): string {
    return this.#piece(`{"${field}":`, text, '}');
  }

  #arguments(block: OpenBlock, json: string): string {
    block.text += json;
    return this.#piece(`{"tool_calls":[{"index":${block.call},"function":{"arguments":`, json, '}}]}');
  }

  #piece(before: string, text: string, after: string): string {
    if (text === '') return '';
    this.piece = { choice: 0, text };
    return this.#frames.delta(before + JSON.stringify(text) + after);
  }

  #start(event: JsonObject): string {
    this.#begun.saysSomething();
    const start = objectIn(event, 'content_block') ?? {};
    if (start['type'] === 'text') return this.#text('content', textIn(start, 'text') ?? '');
    const isCall = start['type'] === 'tool_use';
    const call = isCall ? this.#calls++ : 0;
    const text = textIn(start, 'thinking') ?? '';
    const block = { start, call, text, signature: textIn(start, 'signature') ?? '' };
    this.#open.set(numberIn(event, 'index') ?? 0, block);
    if (!isCall) return this.#text('reasoning_content', text);
    const [id, name] = [textIn(start, 'id') ?? '', textIn(start, 'name') ?? ''];
    const opened = { index: call, id, type: 'function', function: { name, arguments: '' } };
    return this.#frames.delta(JSON.stringify({ tool_calls: [opened] }));
  }

  #stop(event: JsonObject): string {
    const index = numberIn(event, 'index') ?? 0;
    const block = this.#open.get(index);
    if (block === undefined) return '';
    this.#open.delete(index);
    const { start, text, signature } = block;
    // A call without arguments has no deltas, and some providers send the whole input at the start.
    if (start['type'] === 'tool_use')
      return text === '' ? this.#arguments(block, JSON.stringify(start['input'] ?? {})) : '';
    const detail = reasoningDetail({ ...start, thinking: text, signature }, index);
    return detail === undefined ? '' : this.#frames.delta(JSON.stringify({ reasoning_details: [detail] }));
  }

  #finish(delta: JsonObject): string {
    const reason = delta['stop_reason'] ?? undefined;
    if (reason === undefined || this.#finished) return '';
    this.#finished = true;
    this.unbilled = !this.#begun.hasBlocks && isUnbilledRefusal(delta);
    const refusal = refusalOf(delta);
    const refused = refusal === undefined ? '' : this.#frames.delta(JSON.stringify({ refusal }));
    const choice = {
      index: 0,
      delta: {},
      logprobs: null,
      finish_reason: finishReasonOf(reason),
      ...stopSequenceOf(delta),
    };
    return refused + this.#frames.choice(choice);
  }

  #usageFrame(): string {
    const usage = this.includeUsage ? chatUsage(this.usage) : undefined;
    return usage === undefined ? '' : this.#frames.usage(usage);
  }
}
