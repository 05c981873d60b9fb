// Chat completion chunks as the events of a response: items one after another, each added, filled and done.
// https://platform.openai.com/docs/api-reference/responses-streaming
import type { JsonObject } from '../../kernel/index.js';
import { callIndex, choiceOf, reasoningIn, usageIn } from '../chat.js';
import { objectIn, objectsOf, parseObject, textIn } from '../json.js';
import type { AnswerContext, ClientFormatStream } from '../wire.js';
import { logprobsIn } from './answer.js';
import { emptyResponse, responseUsage, type Status, statusOf } from './envelope.js';
import { failure } from './failure.js';
import { callId, itemId, type Kind } from './items.js';
import { CallInProgress, type Emit, type InProgress, MessageInProgress, ReasoningInProgress } from './in-progress.js';
import { detailsOf } from './thoughts.js';

export class ResponseStream implements ClientFormatStream {
  readonly #response: JsonObject;
  #started = false;
  #events = 0;
  /** The items as they are done; a hole for one that is not. */
  readonly #output: JsonObject[] = [];
  #open: InProgress | undefined;
  /** The calls, by the provider's index. */
  readonly #calls = new Map<number, CallInProgress>();
  #places = 0;
  #end = statusOf(undefined);
  /** OpenAI's block, the last one seen. */
  #usage: JsonObject | undefined;

  constructor(
    private readonly context: AnswerContext,
    request: JsonObject,
  ) {
    this.#response = emptyResponse(context, request);
  }

  push(data: string): string {
    const chunk = parseObject(data);
    if (chunk === undefined || (chunk['error'] ?? undefined) !== undefined) return '';
    this.#usage = usageIn(chunk) ?? this.#usage;
    const choice = choiceOf(chunk);
    const started = this.#start();
    if (choice === undefined) return started;
    const content = this.#delta(objectIn(choice, 'delta') ?? {}, logprobsIn(choice));
    if ((choice['finish_reason'] ?? undefined) === undefined) return started + content;
    this.#end = statusOf(choice['finish_reason']);
    return started + content + this.#close(this.#end.status);
  }

  end(): string {
    const before = this.#start() + this.#close(this.#end.status);
    const response = { ...this.#response, ...this.#end, output: this.#output, usage: responseUsage(this.#usage) };
    return before + this.#emit(`response.${this.#end.status}`, { response });
  }

  /** SDKs go by the first event, other clients by the second. */
  fail(error: JsonObject): string {
    const { event, ofResponse } = failure(error);
    const response = { ...this.#response, status: 'failed', error: ofResponse, output: this.#output.filter(Boolean) };
    return this.#start() + this.#emit('error', event) + this.#emit('response.failed', { response });
  }

  readonly #emit: Emit = (type, fields) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#events++, ...fields })}\n\n`;

  #start(): string {
    if (this.#started) return '';
    this.#started = true;
    const told = { response: this.#response };
    return this.#emit('response.created', told) + this.#emit('response.in_progress', told);
  }

  #delta(delta: JsonObject, logprobs: readonly JsonObject[]): string {
    const [thoughts, details] = [reasoningIn(delta), detailsOf(delta)];
    const [text, refusal] = [textIn(delta, 'content') ?? '', textIn(delta, 'refusal') ?? ''];
    let frames = '';
    if (thoughts !== '' || details.length > 0) {
      const [item, opened] = this.#item('reasoning', ReasoningInProgress);
      frames += opened + item.add(thoughts, details);
    }
    if (text !== '' || refusal !== '') {
      const [item, opened] = this.#item('message', MessageInProgress);
      frames += opened + item.say(text, logprobs) + item.decline(refusal);
    }
    for (const call of objectsOf(delta['tool_calls'])) frames += this.#callDelta(call);
    return frames;
  }

  /** The open item when it is of that kind, or a new one. */
  #item<T extends InProgress>(kind: Kind, Item: new (at: T['at'], emit: Emit) => T): readonly [T, string] {
    if (this.#open instanceof Item) return [this.#open, ''];
    const closed = this.#close('completed');
    const item = new Item(this.#place(kind), this.#emit);
    this.#open = item;
    return [item, closed + item.open()];
  }

  #place(kind: Kind): InProgress['at'] {
    const output_index = this.#places++;
    return { item_id: itemId(kind, this.context.id, output_index), output_index };
  }

  #callDelta(call: JsonObject): string {
    const index = callIndex(call, this.#calls.size);
    const called = objectIn(call, 'function') ?? {};
    let item = this.#calls.get(index);
    let frames = item !== undefined && item === this.#open ? '' : this.#close('completed');
    if (item === undefined) {
      const named = { call_id: callId(call, this.context.id, index), name: textIn(called, 'name') ?? '' };
      item = new CallInProgress(this.#place('function_call'), this.#emit, named);
      this.#calls.set(index, item);
      frames += item.open();
    }
    // A provider that returns to an earlier call opens it anew: it is done once more, whole, which clients that go by the index take.
    this.#open = item;
    return frames + item.add(textIn(called, 'arguments') ?? '');
  }

  #close(status: Status): string {
    const item = this.#open;
    this.#open = undefined;
    if (item === undefined) return '';
    const frames = item.close(status);
    const done = item.item(status);
    this.#output[item.at.output_index] = done;
    return frames + this.#emit('response.output_item.done', { output_index: item.at.output_index, item: done });
  }
}
