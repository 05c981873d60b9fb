// The events of a response as chat completion chunks. https://developers.openai.com/api/reference/resources/responses/streaming-events
// This is the hot path. Items are told apart by their place in the output: their ids are not the same in all events of GitHub Copilot's.
import type { JsonObject, JsonValue } from '../../../../kernel/index.js';
import { ChunkFrames } from '../../chunk-frames.js';
import { numberIn, objectIn, objectsOf, parseObject, textIn } from '../../json.js';
import { readError, type ReportedError } from '../../reported-error.js';
import type { AnswerContext, Piece, UpstreamStream } from '../../wire.js';
import { BREAK, chatUsage, citationOf, finishReasonOf, logprobsOf, messageOf } from './answer.js';
import { reasoningDetail } from './reasoning.js';
import { chatCall, type Kind, kindOfItem, writtenIn } from './tools.js';

/** A call while its arguments arrive. */
interface OpenCall {
  readonly kind: Kind;
  /** Its index among the calls. */
  readonly index: number;
  hasText: boolean;
}

/** A text of the answer, which is made of several paragraphs: where the next one begins. */
class Told {
  place = '';
  /** Whether it comes in deltas, so that items that are done repeat it. */
  inDeltas = false;

  constructor(readonly field: 'content' | 'reasoning_content' | 'refusal') {}

  /** A piece of the text; a new paragraph where it is of another place than the last. */
  at(place: string, piece: string): string {
    if (piece === '') return '';
    const begins = this.place !== '' && this.place !== place;
    this.place = place;
    return begins ? BREAK + piece : piece;
  }
}

export class ResponseChunks implements UpstreamStream {
  piece: Piece | undefined;
  usage: JsonValue | undefined;
  error: ReportedError | undefined;
  done = false;
  readonly hasEndMark = true;

  readonly #frames: ChunkFrames;
  readonly #calls = new Map<number, OpenCall>();
  readonly #said = new Told('content');
  readonly #thought = new Told('reasoning_content');
  readonly #declined = new Told('refusal');
  #begun = false;
  /** Whether anything of the answer was told. */
  #spoke = false;

  constructor(
    context: AnswerContext,
    private readonly includeUsage: boolean,
  ) {
    this.#frames = new ChunkFrames(context, includeUsage);
  }

  push(data: string): string {
    this.piece = undefined;
    if (this.done) return '';
    const event = parseObject(data);
    if (event === undefined) return '';
    // An error may come as an event of its own, and then as that of the failed response, which has the usage.
    const response = objectIn(event, 'response') ?? {};
    this.usage = response['usage'] ?? this.usage;
    if (this.error !== undefined) return '';
    const type = textIn(event, 'type') ?? '';
    if (type !== 'response.failed' && type.startsWith('response.'))
      return this.#begin() + this.#event(type, event, response);
    this.error = readError(type === 'response.failed' ? { error: response['error'] ?? FAILED } : event);
    return '';
  }

  /** The role comes first, in a chunk of its own. */
  #begin(): string {
    if (this.#begun) return '';
    this.#begun = true;
    return this.#frames.delta('{"role":"assistant","content":""}');
  }

  #event(type: string, event: JsonObject, response: JsonObject): string {
    switch (type) {
      case 'response.output_text.delta':
        return this.#say(event);
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#delta(this.#thought, event, `${placeOf(event)}.${numberIn(event, 'summary_index') ?? 0}`);
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return this.#arguments(this.#calls.get(placeOf(event)), textIn(event, 'delta') ?? '');
      case 'response.refusal.delta':
        return this.#delta(this.#declined, event);
      case 'response.output_text.annotation.added': {
        const cited = citationOf(objectIn(event, 'annotation') ?? {});
        return cited === undefined ? '' : this.#frame({ annotations: [cited] });
      }
      case 'response.output_item.added':
        return this.#open(event);
      case 'response.output_item.done':
        return this.#close(event);
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(response);
      default:
        return ''; // what began, is whole, or is of no use to a chat
    }
  }

  #say(event: JsonObject): string {
    const logprobs = logprobsOf(objectsOf(event['logprobs']));
    return this.#delta(this.#said, event, String(placeOf(event)), logprobs);
  }

  #delta(told: Told, event: JsonObject, place = String(placeOf(event)), logprobs: JsonObject | null = null): string {
    const delta = textIn(event, 'delta') ?? '';
    told.inDeltas ||= delta !== '';
    const text = told.at(place, delta);
    if (logprobs === null || text === '') return this.#text(`{"${told.field}":`, text, '}');
    this.#spoke = true;
    return this.#frames.choice({ index: 0, delta: { [told.field]: text }, logprobs, finish_reason: null });
  }

  #arguments(call: OpenCall | undefined, text: string): string {
    if (call === undefined) return '';
    const { kind, index } = call;
    call.hasText ||= text !== '';
    return this.#text(`{"tool_calls":[{"index":${index},"${kind.type}":{"${kind.field}":`, text, '}}]}');
  }

  #text(before: string, text: string, after: string): string {
    if (text === '') return '';
    this.#spoke = true;
    this.piece = { choice: 0, text };
    return this.#frames.delta(before + JSON.stringify(text) + after);
  }

  #open(event: JsonObject): string {
    const item = objectIn(event, 'item') ?? {};
    const kind = kindOfItem(item);
    if (kind === undefined || this.#calls.has(placeOf(event))) return '';
    const index = this.#calls.size;
    this.#calls.set(placeOf(event), { kind, index, hasText: false });
    return this.#frame({ tool_calls: [{ index, ...chatCall(kind, item, '') }] });
  }

  /** An item may come whole, without a delta or even its start. */
  #close(event: JsonObject): string {
    const item = objectIn(event, 'item') ?? {};
    const detail = reasoningDetail(item, placeOf(event));
    const whole = this.#whole(item, String(placeOf(event)));
    if (detail !== undefined) return whole + this.#frame({ reasoning_details: [detail] });
    const opened = whole + this.#open(event);
    const call = this.#calls.get(placeOf(event));
    if (call === undefined || call.hasText) return opened;
    const args = this.#arguments(call, writtenIn(call.kind, item));
    if (opened !== '') this.piece = undefined;
    return opened + args;
  }

  /** The texts of an item that came without deltas. */
  #whole(item: JsonObject, place: string): string {
    const message = messageOf([item]);
    const texts = [this.#thought, this.#said, this.#declined]
      .filter(({ inDeltas }) => !inDeltas)
      .map((told) => [told.field, told.at(place, textIn(message, told.field) ?? '')] as const)
      .filter(([, text]) => text !== '');
    if (texts.length === 0) return '';
    const { annotations } = message;
    return this.#frame({ ...Object.fromEntries(texts), ...(annotations !== undefined && { annotations }) });
  }

  #finish(response: JsonObject): string {
    this.done = true;
    const output = this.#spoke ? [] : objectsOf(response['output']);
    const whole = output.map((item, output_index) => this.#close({ item, output_index })).join('');
    this.piece = undefined;
    const finish_reason = finishReasonOf(response, this.#calls.size > 0);
    const usage = this.includeUsage ? chatUsage(this.usage) : undefined;
    const last = usage === undefined ? '' : this.#frames.usage(usage);
    return whole + this.#frames.choice({ index: 0, delta: {}, logprobs: null, finish_reason }) + last;
  }

  #frame(delta: JsonObject): string {
    this.#spoke = true;
    this.piece = undefined;
    return this.#frames.delta(JSON.stringify(delta));
  }
}

const placeOf = (event: JsonObject): number => numberIn(event, 'output_index') ?? 0;

/** For a failed response that does not say why. */
const FAILED = { code: 'server_error' };
