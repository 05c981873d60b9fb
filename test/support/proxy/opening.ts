// Opening upstreams without a network: scripted channels, and a clock that stands still.
import { normaliseUsage } from '../../../src/pricing/index.js';
import { Readable } from 'node:stream';
import { Clock } from '../../../src/kernel/index.js';
import type { Exchange } from '../../../src/proxy/call/endpoint.js';
import { ANY_MAKER, type Channel } from '../../../src/proxy/providers/channels.js';
import { Circuits } from '../../../src/proxy/providers/circuits.js';
import {
  type BeginAnswer,
  type Candidate,
  type OpeningOptions,
  openUpstream,
} from '../../../src/proxy/providers/open-upstream.js';
import { Upstream, UpstreamFailure, type UpstreamResponse } from '../../../src/proxy/providers/upstream.js';
import { ChatMeter } from '../../../src/proxy/relay/chat-meter.js';
import { firstEvent } from '../../../src/proxy/relay/first-event.js';

export type Script = () => UpstreamResponse;

/** Stands still but for the pauses. */
class PausedClock extends Clock {
  readonly pauses: number[] = [];
  #now = 1_000_000;

  override now(): number {
    return this.#now;
  }

  readonly pause = async (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
    this.#now += milliseconds;
  };
}

/** Does for each channel what its script says, and remembers who was asked. */
export class ScriptedUpstream extends Upstream {
  readonly asked: string[] = [];

  constructor(private readonly scripts: Readonly<Record<string, Script>>) {
    super();
  }

  override async send({ name }: Channel): Promise<UpstreamResponse> {
    this.asked.push(name);
    const script = this.scripts[name];
    if (script === undefined) throw new Error(`no script for ${name}`);
    return script();
  }

  override failureOf(error: unknown): UpstreamFailure {
    return error instanceof UpstreamFailure ? error : new UpstreamFailure(String(error));
  }
}

/** Without a body a 200 is a stream, of which nothing has come. */
export const answer = (
  status: number,
  body: string | Readable = '',
  contentType = status === 200 && body === '' ? 'text/event-stream' : 'application/json',
  retryAfterMs?: number,
): Script => {
  return () => ({
    status,
    contentType,
    retryAfterMs,
    body: typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body,
  });
};
export const error = (status: number, message: string, more: object = {}): Script =>
  answer(status, JSON.stringify({ error: { message, ...more } }));
export const fail = (failure: Error): Script => {
  return () => {
    throw failure;
  };
};

export const channel = (name: string): Channel => ({
  name,
  baseUrl: `https://${name}/v1`,
  apiKey: '',
  format: 'openai',
  models: {},
  makers: [ANY_MAKER],
  order: 0,
  weight: 1,
  servesRetired: true,
  responseHeaders: {},
});

const candidate = (name: string, upstreamModel: string): Candidate<Exchange> => ({
  route: { channel: channel(name), upstreamModel },
  exchange: {
    send: () => ({
      path: '/chat/completions',
      contentType: 'application/json',
      accept: 'application/json',
      body: '{}',
    }),
    read: (bytes) => ({ bytes, usage: undefined }),
    meter: () => new ChatMeter(false),
    readUsage: normaliseUsage,
  },
});

/** Where the calls of a test meet: circuits remember. */
export class Calls {
  readonly clock = new PausedClock();
  readonly #circuits = new Circuits(this.clock);

  async open(
    scripts: Readonly<Record<string, Script>>,
    more: Partial<Pick<OpeningOptions, 'signal' | 'isAwaited'>> = {},
    model = 'm',
  ) {
    const upstream = new ScriptedUpstream(scripts);
    const room = { took: () => undefined };
    const options = { requestId: 'req_1', cap: undefined, signal: new AbortController().signal, room, ...more };
    const providers = { upstream, circuits: this.#circuits, pause: this.clock.pause };
    const begin: BeginAnswer<Exchange, UpstreamResponse> = ({ exchange }, response) =>
      firstEvent(response, exchange.meter({ id: '', created: 0, model: 'm' }));
    const candidates = Object.keys(scripts).map((name) => candidate(name, model));
    const outcome = await openUpstream(providers, candidates, options, begin);
    return { outcome, asked: upstream.asked, pauses: this.clock.pauses };
  }

  /** The channels that a call of this model asks. */
  async asked(model: string, scripts: Readonly<Record<string, Script>>): Promise<readonly string[]> {
    return (await this.open(scripts, {}, model)).asked;
  }
}

export const open = (scripts: Readonly<Record<string, Script>>, more?: Pick<OpeningOptions, 'signal'>) =>
  new Calls().open(scripts, more);

/** One after another. */
export const inTurn = (...scripts: readonly Script[]): Script => {
  let turn = 0;
  return () => {
    const script = scripts[Math.min(turn++, scripts.length - 1)];
    if (script === undefined) throw new Error('no script');
    return script();
  };
};
