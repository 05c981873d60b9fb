// Chat completion chunks as Anthropic's stream: blocks of content, one after another, each with a start, deltas and a stop.
// https://platform.claude.com/docs/en/build-with-claude/streaming
import type { JsonObject } from '../../../kernel/index.js';
import type { AnswerContext, ClientFormatStream } from '../../wire.js';
import { callIndex, choiceOf, reasoningIn, usageIn } from '../../chat.js';
import { objectIn, objectsOf, parseObject, textIn } from '../../json.js';
import { stopOf } from '../stop-reasons.js';
import { clientCallId } from '../tool-calls.js';
import { emptyMessage } from './answer.js';
import { streamError } from './errors.js';
import { showsThinking } from './reasoning.js';
import { messageUsage } from './usage.js';

/** A frame of a kind, whose data starts with its type. */
const frame = (type: string, rest: string): string => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;

type TextKind = 'thinking' | 'text';
const EMPTY_BLOCK: Readonly<Record<TextKind, JsonObject>> = {
  thinking: { type: 'thinking', thinking: '', signature: '' },
  text: { type: 'text', text: '' },
};

export class MessageStream implements ClientFormatStream {
  readonly #withThinking: boolean;
  #started = false;
  #blocks = 0;
  /** What the last block is while it is open: its kind, or the index of the tool call. */
  #open: TextKind | number | undefined;
  /** The blocks of the tool calls, by the provider's index. */
  readonly #calls = new Map<number, number>();
  /** The choice that told why it ended. */
  #last: JsonObject = {};
  #refused = false;
  /** OpenAI's block, the last one seen. */
  #usage: JsonObject = {};

  constructor(
    private readonly context: AnswerContext,
    request: JsonObject,
  ) {
    this.#withThinking = showsThinking(request);
  }

  push(data: string): string {
    const chunk = parseObject(data);
    if (chunk === undefined || (chunk['error'] ?? undefined) !== undefined) return '';
    this.#usage = usageIn(chunk) ?? this.#usage;
    const choice = choiceOf(chunk);
    const started = this.#start();
    if (choice === undefined) return started;
    const content = this.#delta(objectIn(choice, 'delta') ?? {});
    if ((choice['finish_reason'] ?? undefined) === undefined) return started + content;
    this.#last = choice;
    return started + content + this.#close();
  }

  end(): string {
    const stop = { ...stopOf(this.#last), ...(this.#refused && { stop_reason: 'refusal' }) };
    const told = `,"delta":${JSON.stringify(stop)},"usage":${JSON.stringify(messageUsage(this.#usage))}`;
    return this.#start() + this.#close() + frame('message_delta', told) + frame('message_stop', '');
  }

  fail(error: JsonObject): string {
    return `event: error\ndata: ${JSON.stringify(streamError(error))}\n\n`;
  }

  #start(): string {
    if (this.#started) return '';
    this.#started = true;
    const { id, model } = this.context;
    return frame('message_start', `,"message":${JSON.stringify(emptyMessage(id, model))}`);
  }

  #delta(delta: JsonObject): string {
    const refusal = textIn(delta, 'refusal') ?? '';
    if (refusal !== '') this.#refused = true;
    return (
      (this.#withThinking ? this.#text('thinking', reasoningIn(delta)) : '') +
      this.#text('text', (textIn(delta, 'content') ?? '') + refusal) +
      this.#callDeltas(delta)
    );
  }

  #text(kind: TextKind, text: string): string {
    if (text === '') return '';
    const opened = this.#open === kind ? '' : this.#openBlock(kind, EMPTY_BLOCK[kind]);
    return `${opened}event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.#blocks - 1},"delta":{"type":"${kind}_delta","${kind}":${JSON.stringify(text)}}}\n\n`;
  }

  #callDeltas(delta: JsonObject): string {
    const calls = delta['tool_calls'];
    if (!Array.isArray(calls)) return '';
    return objectsOf(calls)
      .map((call) => this.#callDelta(call))
      .join('');
  }

  #callDelta(call: JsonObject): string {
    const called = objectIn(call, 'function') ?? {};
    const index = callIndex(call, this.#calls.size);
    let opened = '';
    if (!this.#calls.has(index)) {
      const [id, name] = [clientCallId(call, this.context.id, index), textIn(called, 'name') ?? ''];
      opened = this.#openBlock(index, { type: 'tool_use', id, name, input: {} });
      this.#calls.set(index, this.#blocks - 1);
    }
    const args = textIn(called, 'arguments') ?? '';
    if (args === '') return opened;
    // A provider that returns to an earlier call writes into a block already closed, which clients that go by the index take.
    const delta = `{"type":"input_json_delta","partial_json":${JSON.stringify(args)}}`;
    return opened + frame('content_block_delta', `,"index":${this.#calls.get(index)},"delta":${delta}`);
  }

  #openBlock(what: TextKind | number, block: JsonObject): string {
    const closed = this.#close();
    this.#open = what;
    return closed + frame('content_block_start', `,"index":${this.#blocks++},"content_block":${JSON.stringify(block)}`);
  }

  #close(): string {
    if (this.#open === undefined) return '';
    this.#open = undefined;
    return frame('content_block_stop', `,"index":${this.#blocks - 1}`);
  }
}
