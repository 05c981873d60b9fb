// Chat completion chunks as the events of a response: items one after another, each added, filled and done.
// https://platform.openai.com/docs/api-reference/responses-streaming
import type { JsonObject } from '../../../kernel/index.js';
import type { CallIds } from '../call-ids.js';
import { choiceOf, citationsIn, contentIn, finishIn, Thoughts } from '../chat.js';
import { UsageSoFar } from '../chat-usage.js';
import { CallRun, CallRuns, InTurn, type Run } from '../in-turn.js';
import { objectIn, objectsOf, parseObject, textIn } from '../json.js';
import { readError } from '../reported-error.js';
import type { AnswerContext, ClientFormatStream } from '../wire.js';
import { logprobsIn } from './answer.js';
import { emptyResponse, responseUsage, type Status, statusOf } from './envelope.js';
import { failure } from './failure.js';
import { callIdsFor, itemId, type Kind } from './items.js';
import { CallInProgress, type Emit, type InProgress, MessageInProgress, ReasoningInProgress } from './in-progress.js';
import { detailsOf } from './thoughts.js';
import { Toolbox } from './tools.js';

const REASONING: Run = { isWhole: true };
const MESSAGE: Run = { isWhole: true };

export class ResponseStream implements ClientFormatStream {
  readonly #response: JsonObject;
  #started = false;
  #events = 0;
  readonly #output: JsonObject[] = [];
  readonly #turn = new InTurn<Run>({
    begin: (run) => this.#beginItem(run),
    end: (run, isLast) => this.#endItem(run, isLast ? this.#end.status : 'completed'),
  });
  /** The item of the open run. */
  #item: InProgress | undefined;
  readonly #calls = new CallRuns();
  readonly #thoughts = new Thoughts();
  /** White space held back until text follows; dropped if none does. */
  #space: { text: string; readonly logprobs: JsonObject[] } = { text: '', logprobs: [] };
  #refused = false;
  #end = statusOf(undefined);
  readonly #usage = new UsageSoFar();
  readonly #tools: Toolbox;
  readonly #ids: CallIds;

  constructor(
    private readonly context: AnswerContext,
    request: JsonObject,
  ) {
    this.#response = emptyResponse(context, request);
    this.#tools = new Toolbox(request);
    this.#ids = callIdsFor(request, context.id);
  }

  push(data: string): string {
    const chunk = parseObject(data);
    if (chunk === undefined || readError(chunk, true) !== undefined) return '';
    this.#usage.take(chunk);
    const choice = choiceOf(chunk);
    const started = this.#start();
    if (choice === undefined) return started;
    const content = this.#delta(objectIn(choice, 'delta') ?? {}, logprobsIn(choice));
    const finish = finishIn(choice);
    if (!finish) return started + content;
    this.#end = statusOf(finish);
    return started + content + this.#finish();
  }

  end(): string {
    const before = this.#start() + this.#finish();
    const response = {
      ...this.#response,
      ...this.#end,
      output: this.#output,
      usage: responseUsage(this.#usage.latest),
    };
    return before + this.#emit(`response.${this.#end.status}`, { response });
  }

  /** SDKs use the first event, other clients the second. */
  fail(error: JsonObject): string {
    const { event, ofResponse } = failure(error);
    const response = { ...this.#response, status: 'failed', error: ofResponse, output: this.#output };
    return this.#start() + this.#emit('error', event) + this.#emit('response.failed', { response });
  }

  readonly #emit: Emit = (type, fields) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: this.#events++, ...fields })}\n\n`;

  #start(): string {
    if (this.#started) return '';
    this.#started = true;
    const event = { response: this.#response };
    return this.#emit('response.created', event) + this.#emit('response.in_progress', event);
  }

  #delta(delta: JsonObject, logprobs: readonly JsonObject[]): string {
    const [thoughts, details] = [this.#thoughts.in(delta), detailsOf(delta)];
    const refusal = textIn(delta, 'refusal') ?? '';
    let frames = '';
    if (thoughts !== '' || details.length > 0)
      frames += this.#tell(REASONING, ReasoningInProgress, (item) => item.add(thoughts, details));
    frames += this.#say(contentIn(delta), logprobs);
    const cited = citationsIn(delta);
    if (cited.length > 0) frames += this.#tell(MESSAGE, MessageInProgress, (item) => item.cite(cited));
    if (refusal !== '') {
      this.#refused = true;
      frames += this.#tell(MESSAGE, MessageInProgress, (item) => item.decline(refusal));
    }
    for (const call of objectsOf(delta['tool_calls'])) frames += this.#callDelta(call);
    return frames;
  }

  #say(text: string, logprobs: readonly JsonObject[]): string {
    if (text === '') return '';
    this.#space.text += text;
    this.#space.logprobs.push(...logprobs);
    return this.#turn.open === MESSAGE || text.trim() !== '' ? this.#sayAll() : '';
  }

  #sayAll(): string {
    const { text, logprobs } = this.#space;
    this.#space = { text: '', logprobs: [] };
    return text === '' ? '' : this.#tell(MESSAGE, MessageInProgress, (item) => item.say(text, logprobs));
  }

  #callDelta(delta: JsonObject): string {
    const run = this.#calls.runOf(delta);
    return this.#tellCall(run, run.add(delta));
  }

  #tellCall(run: CallRun, args: string | undefined): string {
    return args === undefined ? '' : this.#tell(run, CallInProgress, (item) => item.add(args));
  }

  /** Sends the run's item when it is its turn. */
  #tell<T extends InProgress>(run: Run, Item: abstract new (...args: never) => T, tell: (item: T) => string): string {
    return this.#turn.tell(run, () => (this.#item instanceof Item ? tell(this.#item) : ''));
  }

  #finish(): string {
    const space = this.#calls.size === 0 && !this.#refused ? this.#sayAll() : '';
    const calls = this.#calls.all.map((run) => this.#tellCall(run, run.release())).join('');
    return space + calls + this.#turn.end();
  }

  #beginItem(run: Run): string {
    this.#item = this.#newItem(run);
    return this.#item.open();
  }

  #newItem(run: Run): InProgress {
    if (run === REASONING) return new ReasoningInProgress(this.#at('reasoning'), this.#emit);
    if (!(run instanceof CallRun)) return new MessageInProgress(this.#at('message'), this.#emit);
    const call = { origin: this.#tools.originOf(run.name), call_id: this.#ids.next(run.first, run.place) };
    return new CallInProgress(this.#at('call'), this.#emit, call);
  }

  #at(kind: Kind): InProgress['at'] {
    const output_index = this.#output.length;
    return { item_id: itemId(kind, this.context.id, output_index), output_index };
  }

  #endItem(run: Run, status: Status): string {
    const item = this.#item;
    if (run instanceof CallRun) run.hasEnded = true;
    if (item === undefined) return '';
    const frames = item.close(status);
    const done = item.item(status);
    this.#output.push(done);
    return frames + this.#emit('response.output_item.done', { output_index: item.at.output_index, item: done });
  }
}
