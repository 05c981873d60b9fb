// The items of a response's output while they arrive: their content so far and their events.
import type { JsonObject } from '../../../kernel/index.js';
import type { Status } from './envelope.js';
import { messageItem, reasoningItem, refusalPart, summaryPart, textPart } from './items.js';
import { callItem, inputOf, NO_ARGUMENTS, type ToolCall } from './tool-items.js';

/** The frame of an event; each gets the next sequence number. */
export type Emit = (type: string, fields: JsonObject) => string;

interface At {
  readonly item_id: string;
  readonly output_index: number;
}

export interface InProgress {
  readonly at: At;
  open(): string;
  /** The frames that complete its content. `response.output_item.done` then sends the item itself. */
  close(status: Status): string;
  item(status: Status): JsonObject;
}

const added = (emit: Emit, { output_index }: At, item: JsonObject): string =>
  emit('response.output_item.added', { output_index, item });

export class ReasoningInProgress implements InProgress {
  #text = '';
  readonly #details: JsonObject[] = [];

  constructor(
    readonly at: At,
    private readonly emit: Emit,
  ) {}

  open(): string {
    return added(this.emit, this.at, reasoningItem(this.at.item_id, '', []));
  }

  add(text: string, details: readonly JsonObject[]): string {
    this.#details.push(...details);
    if (text === '') return '';
    const opened = this.#text === '' ? this.#event('part.added', { part: summaryPart('') }) : '';
    this.#text += text;
    return opened + this.#event('text.delta', { delta: text });
  }

  close(): string {
    const text = this.#text;
    if (text === '') return '';
    return this.#event('text.done', { text }) + this.#event('part.done', { part: summaryPart(text) });
  }

  item(): JsonObject {
    return reasoningItem(this.at.item_id, this.#text, this.#details);
  }

  #event(what: string, fields: JsonObject): string {
    return this.emit(`response.reasoning_summary_${what}`, { ...this.at, summary_index: 0, ...fields });
  }
}

interface Part {
  readonly kind: 'output_text' | 'refusal';
  text: string;
  readonly annotations: JsonObject[];
  readonly logprobs: JsonObject[];
}

const partOf = (part: Part): JsonObject =>
  part.kind === 'refusal' ? refusalPart(part.text) : textPart(part.text, part);

export class MessageInProgress implements InProgress {
  readonly #parts: Part[] = [];

  constructor(
    readonly at: At,
    private readonly emit: Emit,
  ) {}

  open(): string {
    return added(this.emit, this.at, { ...this.item('completed'), status: 'in_progress' });
  }

  say(text: string, logprobs: readonly JsonObject[]): string {
    if (text === '') return '';
    const opened = this.#part('output_text');
    this.#parts.at(-1)?.logprobs.push(...logprobs);
    return opened + this.#delta('output_text', { delta: text, logprobs });
  }

  /** Adds what the text cites. */
  cite(annotations: readonly JsonObject[]): string {
    const opened = this.#part('output_text');
    const cited = this.#parts.at(-1)?.annotations ?? [];
    const events = annotations.map((annotation) =>
      this.#event('output_text.annotation.added', { annotation_index: cited.push(annotation) - 1, annotation }),
    );
    return opened + events.join('');
  }

  decline(refusal: string): string {
    return refusal === '' ? '' : this.#part('refusal') + this.#delta('refusal', { delta: refusal });
  }

  close(): string {
    const part = this.#parts.at(-1);
    if (part === undefined) return '';
    const { kind, text, logprobs } = part;
    const whole = kind === 'refusal' ? { refusal: text } : { text, logprobs };
    return this.#event(`${kind}.done`, whole) + this.#event('content_part.done', { part: partOf(part) });
  }

  item(status: Status): JsonObject {
    return messageItem(this.at.item_id, this.#parts.map(partOf), status);
  }

  /** Opens a part, unless the last one is of that kind. */
  #part(kind: Part['kind']): string {
    if (this.#parts.at(-1)?.kind === kind) return '';
    const closed = this.close();
    const part = { kind, text: '', annotations: [], logprobs: [] };
    this.#parts.push(part);
    return closed + this.#event('content_part.added', { part: partOf(part) });
  }

  #delta(kind: Part['kind'], fields: { readonly delta: string; readonly logprobs?: readonly JsonObject[] }): string {
    const part = this.#parts.at(-1);
    if (part !== undefined) part.text += fields.delta;
    return this.#event(`${kind}.delta`, fields);
  }

  #event(what: string, fields: JsonObject): string {
    return this.emit(`response.${what}`, { ...this.at, content_index: this.#parts.length - 1, ...fields });
  }
}

/** A function call sends its arguments as they arrive; a call of another tool sends its input when complete. */
export class CallInProgress implements InProgress {
  #arguments = '';
  readonly #isFunction: boolean;

  constructor(
    readonly at: At,
    private readonly emit: Emit,
    private readonly call: Omit<ToolCall, 'arguments'>,
  ) {
    this.#isFunction = call.origin.type === 'function';
  }

  open(): string {
    return added(this.emit, this.at, this.#item('in_progress'));
  }

  add(args: string): string {
    if (args === '') return '';
    this.#arguments += args;
    return this.#isFunction ? this.emit('response.function_call_arguments.delta', { ...this.at, delta: args }) : '';
  }

  close(): string {
    const { type, name } = this.call.origin;
    if (this.#isFunction) {
      const none = this.#arguments === '' ? this.add(NO_ARGUMENTS) : '';
      const done = { ...this.at, name, arguments: this.#arguments };
      return none + this.emit('response.function_call_arguments.done', done);
    }
    if (type !== 'custom') return '';
    const input = inputOf(this.#arguments);
    const event = 'response.custom_tool_call_input';
    const delta = input === '' ? '' : this.emit(`${event}.delta`, { ...this.at, delta: input });
    return delta + this.emit(`${event}.done`, { ...this.at, input });
  }

  item(status: Status): JsonObject {
    return this.#item(status);
  }

  #item(status: string): JsonObject {
    return callItem(this.at.item_id, { ...this.call, arguments: this.#arguments }, status);
  }
}
