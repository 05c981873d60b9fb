// Calls of a made ledger: their events as the account decides them, decided once for each usage and then written again and again with other ids
// and instants. So a ledger of any size takes minutes, and every event is one that a gateway could have written.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RecordedEvent } from '../../src/event-store/index.js';
import type { EventMacs } from '../../src/seals/index.js';
import { openAccount } from './accounts.ts';
import { kernel, ledger, MemoryEventStore, MemoryReadModelStore, pricing } from './built.ts';

/** An event with its data and metadata as the text that a store keeps. */
export interface MadeEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recordedAt: string;
}

export const MODEL = 'gpt-4o-mini';
const TTL_MS = 60_000;
/** The usages that there are. Input and output change with different periods, so that few calls are alike. */
const USAGES = 500;
const CREDIT = '1000000';
const TRIED = [{ channel: 'openai', status: 200 }];

const NO_USAGE = {
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  promptAudioTokens: 0,
  promptImageTokens: 0,
  reasoningTokens: 0,
  completionAudioTokens: 0,
};

const rawOf = (input: number, output: number) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});

/** What differs between two calls with the same usage. */
interface Call {
  readonly chargeId: string;
  readonly keyId: string;
  readonly lotId: string;
  readonly placedAt: string;
  readonly expiresAt: string;
  readonly settledAt: string;
}

/** A text with gaps. */
class Template {
  readonly #pieces: readonly string[];
  readonly #gaps: readonly (keyof Call)[];

  constructor(text: string, sample: Call) {
    const fields = new Map((Object.keys(sample) as (keyof Call)[]).map((field) => [sample[field], field]));
    const parts = text.split(new RegExp(`(${[...fields.keys()].join('|')})`));
    this.#pieces = parts.filter((_, index) => index % 2 === 0);
    this.#gaps = parts.flatMap((part) => fields.get(part) ?? []);
  }

  fill(call: Call): string {
    let text = this.#pieces[0] as string;
    for (const [index, field] of this.#gaps.entries()) text += call[field] + (this.#pieces[index + 1] as string);
    return text;
  }
}

/** An event of a call: its data in the order in which it was decided, which stores keep, and in that of RFC 8785, which is hashed. */
class EventTemplate {
  readonly type: string;
  readonly #data: Template;
  readonly #canonical: Template;

  constructor({ type, data }: RecordedEvent, sample: Call) {
    this.type = type;
    this.#data = new Template(JSON.stringify(data), sample);
    this.#canonical = new Template(canonicalize(data) as string, sample);
  }

  fill(call: Call): { readonly data: string; readonly canonical: string } {
    return { data: this.#data.fill(call), canonical: this.#canonical.fill(call) };
  }
}

export interface CallTemplate {
  readonly hold: EventTemplate;
  readonly charge: EventTemplate;
  /** What such a call costs, in pico-dollars. */
  readonly cost: bigint;
}

type Prices = ReturnType<typeof pricing.compilePriceList>;

/** Decides a call with each usage on an account of its own. */
export async function decideCalls(prices: Prices, priceVersion: number, at: number): Promise<readonly CallTemplate[]> {
  const store = new MemoryEventStore();
  const accounts = new ledger.Accounts(store, new MemoryReadModelStore());
  const { accountId, keyId } = await openAccount(accounts, CREDIT, at);
  const lotId = await accounts.read(accountId, ({ lots }) => [...lots.byId.keys()][0] ?? '');
  const templates: CallTemplate[] = [];
  for (let nth = 0; nth < USAGES; nth++) {
    const [input, output] = [200 + (nth % 97) * 31, 1 + (nth % 89) * 11];
    const usage = { ...NO_USAGE, promptTokens: input, completionTokens: output, totalTokens: input + output };
    const { price, cost } = pricing.rate(prices, MODEL, usage, at);
    const chargeId = kernel.newId();
    const placed = at + nth * TTL_MS * 2;
    const hold = { chargeId, requestId: `req_${chargeId}`, keyId, model: MODEL, priceVersion, ttlMs: TTL_MS };
    const ids = { hold: `${chargeId}/hold/1`, settle: `${chargeId}/settle` };
    const amount = kernel.picoUsd(price * 2n);
    await accounts.execute(accountId, { ...hold, type: 'PlaceHold', commandId: ids.hold, at: placed, amount });
    const answer = { usage, usageRaw: rawOf(input, output), provider: 'openai', upstreamModel: MODEL, attempts: TRIED };
    const costs = { cost: price, providerCost: cost };
    const settle = {
      ...answer,
      ...costs,
      type: 'SettleHold',
      commandId: ids.settle,
      at: placed + 1,
      chargeId,
    } as const;
    await accounts.execute(accountId, settle);
    const [placedAt, expiresAt, settledAt] = [placed, placed + TTL_MS, placed + 1].map(kernel.toInstant) as [
      string,
      string,
      string,
    ];
    const events = await store.readStream(ledger.accountStream(accountId), 3 + nth * 2, 2);
    const sample: Call = { chargeId, keyId, lotId, placedAt, expiresAt, settledAt };
    const [first, second] = events.map((event) => new EventTemplate(event, sample)) as [EventTemplate, EventTemplate];
    templates.push({ hold: first, charge: second, cost: price });
  }
  return templates;
}

/** The stream of an account, which calls are added to. */
export class MadeStream {
  readonly #stream: string;
  readonly #ids: { readonly keyId: string; readonly lotId: string };
  readonly #macs: EventMacs | undefined;
  #revision: number;
  #hash: string;

  constructor(opening: readonly RecordedEvent[], macs: EventMacs | undefined) {
    const last = opening.at(-1) as RecordedEvent;
    const idOf = (field: string): string => String(opening.find(({ data }) => data[field] !== undefined)?.data[field]);
    this.#stream = last.stream;
    this.#ids = { keyId: idOf('keyId'), lotId: idOf('lotId') };
    this.#macs = macs;
    this.#revision = last.revision;
    this.#hash = String(last.metadata['hash']);
  }

  get revision(): number {
    return this.#revision;
  }

  /** The events of calls under way at once: all are let in, one a millisecond, and then all are answered. */
  calls(templates: readonly CallTemplate[], from: number): MadeEvent[] {
    const settledAt = kernel.toInstant(from + templates.length);
    const calls = templates.map((template, nth): [CallTemplate, Call] => {
      const at = from + nth;
      const instants = { placedAt: kernel.toInstant(at), expiresAt: kernel.toInstant(at + TTL_MS), settledAt };
      return [template, { chargeId: kernel.newId(), ...this.#ids, ...instants }];
    });
    const holds = calls.map(([{ hold }, call]) => this.#next(hold, call, 'hold/1', settledAt));
    return [...holds, ...calls.map(([{ charge }, call]) => this.#next(charge, call, 'settle', settledAt))];
  }

  #next(template: EventTemplate, call: Call, command: string, recordedAt: string): MadeEvent {
    const { type } = template;
    const { data, canonical } = template.fill(call);
    const stream = this.#stream;
    const id = kernel.eventId(stream, `${call.chargeId}/${command}`, 0, data);
    const revision = ++this.#revision;
    const link = `{"data":${canonical},"id":"${id}","revision":${revision},"stream":"${stream}","type":"${type}"}`;
    this.#hash = createHash('sha256').update(this.#hash, 'hex').update(link).digest('hex');
    const mac = this.#macs === undefined ? '' : `,"mac":"${this.#macs.of(this.#hash)}"`;
    const metadata = `{"hash":"${this.#hash}"${mac}}`;
    return { stream, revision, id, type, data, metadata, recordedAt };
  }
}

/** An event that was decided and stored elsewhere, as this ledger keeps it. */
export function asMade(event: RecordedEvent, macs: EventMacs | undefined): MadeEvent {
  const { stream, revision, id, type, data, metadata } = event;
  const text = JSON.stringify({ ...metadata, ...(macs && { mac: macs.of(metadata['hash']) }) });
  const at = String(data['at'] ?? event.recordedAt);
  return { stream, revision, id, type, data: JSON.stringify(data), metadata: text, recordedAt: at };
}
