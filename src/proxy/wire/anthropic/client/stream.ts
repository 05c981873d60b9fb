// Chat completion chunks as Anthropic's stream: content blocks one after another, each with a start, deltas and a stop.
// https://platform.claude.com/docs/en/build-with-claude/streaming
import type { JsonObject } from '../../../../kernel/index.js';
import { readError } from '../../reported-error.js';
import type { AnswerContext, ClientFormatStream } from '../../wire.js';
import type { CallIds } from '../../call-ids.js';
import { choiceOf, contentIn, Thoughts } from '../../chat.js';
import { UsageSoFar } from '../../chat-usage.js';
import { CallRun, CallRuns, InTurn, type Run } from '../../in-turn.js';
import { objectIn, objectsOf, parseObject, textIn } from '../../json.js';
import { stopOf } from '../stop-reasons.js';
import { callIdsFor } from '../tool-calls.js';
import { citationsOf, emptyMessage, signatureOf } from './answer.js';
import { streamError } from './errors.js';
import { showsThinking } from './reasoning.js';
import { clientNames } from './tools.js';
import { messageUsage } from './usage.js';

/** A frame of this type; its data starts with the type. */
const frame = (type: string, rest: string): string => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;

type TextKind = 'thinking' | 'text';
interface TextRun extends Run {
  readonly kind: TextKind;
  /** The block before its first delta. */
  readonly block: JsonObject;
}
const THINKING: TextRun = { isWhole: true, kind: 'thinking', block: { type: 'thinking', thinking: '', signature: '' } };
const TEXT: TextRun = { isWhole: true, kind: 'text', block: { type: 'text', text: '' } };

export class MessageStream implements ClientFormatStream {
  readonly #withThinking: boolean;
  readonly #names: ReadonlyMap<string, string>;
  readonly #ids: CallIds;
  #started = false;
  #blocks = 0;
  readonly #turn = new InTurn<TextRun | CallRun>({
    begin: (run) => this.#beginBlock(run),
    end: (run) => this.#endBlock(run),
  });
  readonly #calls = new CallRuns();
  readonly #thoughts = new Thoughts();
  #thinking = THINKING;
  /** White space held back until text follows; dropped if none does. */
  #space = '';
  /** What is cited, until there is a text to say it of. */
  #cited: readonly JsonObject[] = [];
  /** The choice with the finish reason. */
  #last: JsonObject = {};
  #refused = false;
  /** The latest usage block, in OpenAI's shape. */
  readonly #usage = new UsageSoFar();

  constructor(
    private readonly context: AnswerContext,
    request: JsonObject,
  ) {
    this.#ids = callIdsFor(request, context.id);
    this.#withThinking = showsThinking(request);
    this.#names = clientNames(request);
  }

  push(data: string): string {
    const chunk = parseObject(data);
    if (chunk === undefined || readError(chunk, true) !== undefined) return '';
    this.#usage.take(chunk);
    const choice = choiceOf(chunk);
    const started = this.#start();
    if (choice === undefined) return started;
    const content = this.#delta(objectIn(choice, 'delta') ?? {});
    if (!textIn(choice, 'finish_reason')) return started + content;
    this.#last = choice;
    return started + content + this.#finish();
  }

  end(): string {
    const frames = this.#start() + this.#finish();
    const stop = { ...stopOf(this.#last, this.#calls.size > 0), ...(this.#refused && { stop_reason: 'refusal' }) };
    const rest = `,"delta":${JSON.stringify(stop)},"usage":${JSON.stringify(messageUsage(this.#usage.latest))}`;
    return frames + frame('message_delta', rest) + frame('message_stop', '');
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
      (this.#withThinking ? this.#think(delta) : '') +
      this.#say(contentIn(delta) + refusal) +
      this.#cite(citationsOf(delta)) +
      objectsOf(delta['tool_calls'])
        .map((call) => this.#callDelta(call))
        .join('')
    );
  }

  /** A signature ends its block. */
  #think(delta: JsonObject): string {
    const run = this.#thinking;
    const thoughts = this.#text(run, this.#thoughts.in(delta));
    const signature = signatureOf(delta);
    if (signature === '') return thoughts;
    this.#thinking = { ...THINKING };
    const signed = `{"type":"signature_delta","signature":${JSON.stringify(signature)}}`;
    return thoughts + this.#turn.tell(run, () => this.#deltaFrame(signed));
  }

  #say(text: string): string {
    if (this.#turn.open !== TEXT && text.trim() === '') {
      this.#space += text;
      return '';
    }
    const words = this.#space + text;
    this.#space = '';
    return this.#text(TEXT, words);
  }

  #cite(citations: readonly JsonObject[]): string {
    this.#cited = [...this.#cited, ...citations];
    if (this.#turn.open !== TEXT) return '';
    const cited = this.#cited;
    this.#cited = [];
    return cited.map((citation) => this.#deltaFrame(JSON.stringify({ type: 'citations_delta', citation }))).join('');
  }

  #text(run: TextRun, text: string): string {
    if (text === '') return '';
    const { kind } = run;
    return this.#turn.tell(
      run,
      () =>
        `event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.#blocks - 1},"delta":{"type":"${kind}_delta","${kind}":${JSON.stringify(text)}}}\n\n`,
    );
  }

  #callDelta(delta: JsonObject): string {
    const run = this.#calls.runOf(delta);
    return this.#tellCall(run, run.add(delta));
  }

  #tellCall(run: CallRun, args: string | undefined): string {
    if (args === undefined) return '';
    return this.#turn.tell(run, () =>
      args === '' ? '' : this.#deltaFrame(`{"type":"input_json_delta","partial_json":${JSON.stringify(args)}}`),
    );
  }

  /** A delta of the open block. */
  #deltaFrame(delta: string): string {
    return frame('content_block_delta', `,"index":${this.#blocks - 1},"delta":${delta}`);
  }

  #finish(): string {
    const space = this.#calls.size === 0 && !this.#refused ? this.#text(TEXT, this.#space) : '';
    this.#space = '';
    const calls = this.#calls.all.map((run) => this.#tellCall(run, run.release())).join('');
    return space + calls + this.#turn.end();
  }

  #beginBlock(run: TextRun | CallRun): string {
    const block = run instanceof CallRun ? this.#toolUse(run) : run.block;
    return frame('content_block_start', `,"index":${this.#blocks++},"content_block":${JSON.stringify(block)}`);
  }

  #toolUse({ first, place, name }: CallRun): JsonObject {
    return {
      type: 'tool_use',
      id: this.#ids.next(first, place),
      name: this.#names.get(name) ?? name,
      input: {},
    };
  }

  #endBlock(run: TextRun | CallRun): string {
    if (run instanceof CallRun) run.hasEnded = true;
    return frame('content_block_stop', `,"index":${this.#blocks - 1}`);
  }
}
