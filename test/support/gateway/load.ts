// Clients that call a gateway without pause, whatever becomes of it, and remember which answers they saw whole.
import { setTimeout as sleep } from 'node:timers/promises';
import { chat, jsonOf, post } from './calls.js';
import { readStream } from './streams.js';
import { until } from './until.js';

/** Longer than a gateway takes to start while others do. */
const STARTED_MS = 180_000;
/** What a client waits before it tries again. */
const PAUSE_MS = 20;

/** What a client knows of a call it saw answered whole. */
export interface Receipt {
  readonly requestId: string;
  readonly chargeId: string;
  readonly accountId: string;
  /** Of the gateway that answered. */
  readonly url: string;
}

export interface LoadOptions {
  readonly clients: number;
  /** The keys to call with, and whose they are. */
  readonly keys: readonly { readonly key: string; readonly accountId: string }[];
  readonly models: readonly string[];
  readonly random: () => number;
}

export class Load {
  readonly receipts: Receipt[] = [];
  /** Calls that were refused, broke off or found no gateway. */
  interrupted = 0;
  /** Where gateways listen; clients spread over them. None while there is no gateway. */
  urls: readonly string[] = [];
  #running = true;
  readonly #clients: Promise<void>[];

  constructor(private readonly options: LoadOptions) {
    this.#clients = Array.from({ length: options.clients }, (_, number) => this.#client(number));
  }

  /** Lets every client finish the call it is in. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  async #client(number: number): Promise<void> {
    while (this.#running) {
      const url = await until(
        'a gateway',
        () => this.urls[number % this.urls.length] ?? (this.#running ? undefined : ''),
        STARTED_MS,
      );
      if (url === '') return;
      const receipt = await this.#call(url).catch(() => undefined);
      if (receipt !== undefined) {
        this.receipts.push(receipt);
        continue;
      }
      this.interrupted++;
      await sleep(PAUSE_MS);
    }
  }

  async #call(url: string): Promise<Receipt | undefined> {
    const { random } = this.options;
    const { key, accountId } = this.#pick(this.options.keys);
    const model = this.#pick(this.options.models);
    const stream = random() < 0.5;
    const pace = `delay=${this.#upTo(20)} chunks=${1 + this.#upTo(12)} chunk_delay=${this.#upTo(4)}`;
    const usage = `tokens=${this.#upTo(200)} cached=${this.#upTo(5)}`;
    const prompt = `[[sandbox ${pace} ${usage}]] ${'word '.repeat(this.#upTo(40))}`;
    const answer = await post(url, key, chat(prompt, { model, stream, max_tokens: 256 }));
    const chargeId = answer.headers.get('x-tokenhub-charge-id');
    if (answer.status !== 200 || chargeId === null) return undefined;
    const whole = stream ? readStream(answer.text).done : jsonOf(answer)['object'] === 'chat.completion';
    return whole ? { requestId: answer.requestId, chargeId, accountId, url } : undefined;
  }

  #upTo(most: number): number {
    return Math.floor(this.options.random() * (most + 1));
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#upTo(items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to pick from');
    return item;
  }
}
