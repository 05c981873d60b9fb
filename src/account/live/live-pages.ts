// The streams of all pages that this gateway keeps up to date: how many there may be, what they are told, and when they end.
import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventStore, type RecordedEvent } from '../../event-store/index.js';
import { Sessions } from '../../identity/index.js';
import { Clock, formatUsd, Refused, refuse, toInstant } from '../../kernel/index.js';
import { Accounts, accountStream, available, posted } from '../../ledger/index.js';
import type { Principal } from '../../platform/http/index.js';
import { AccountNews } from './account-news.js';
import { frameOf, framesOf, type LiveEvent, MOST_TOLD } from './live-events.js';
import { LiveStream } from './live-stream.js';

/** How many pages there may be. */
class LiveLimits {
  readonly perAccount: number = 10;
  readonly inAll: number = 1_000;
  /** How often a page gets a comment, so that nothing on the way takes the stream for dead; its session is looked at then. */
  readonly keepAliveMs: number = 15_000;
}

@Injectable()
export class LivePages implements OnModuleDestroy {
  readonly #streams = new Map<string, Set<LiveStream>>();
  #count = 0;
  #stopping = false;

  constructor(
    private readonly news: AccountNews,
    private readonly store: EventStore,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
    @Optional() private readonly limits: LiveLimits = new LiveLimits(),
  ) {}

  /** Pages ask another gateway, as soon as this one stops. */
  onModuleDestroy(): void {
    this.#stopping = true;
    for (const streams of this.#streams.values()) for (const stream of streams) stream.end();
  }

  /** @throws Refused when there are too many pages; EventStoreUnavailable */
  async open({ principal, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { accountId } = principal;
    this.#admit(accountId);
    const { raw } = reply;
    const { state, revision } = await this.accounts.stored(accountId);
    const known = revisionIn(headers['last-event-id']);
    const missed = known === undefined ? '' : await this.#missed(accountId, known, revision);
    this.#admit(accountId); // others may have come meanwhile
    reply.hijack();
    if (raw.destroyed) return; // it left meanwhile, and would never be heard to leave
    const stream = new LiveStream(raw, reply.getHeaders());
    this.#hold(accountId, stream, reply, principal);
    const now = this.clock.now();
    stream.write(missed + frameOf(balanceEvent(state, now), revision));
    await this.#listen(accountId, stream, reply, revision);
  }

  async #listen(accountId: string, stream: LiveStream, { raw }: FastifyReply, revision: number): Promise<void> {
    try {
      const stop = await this.news.listen(accountId, {
        tell: (events) => void this.#tell(accountId, stream, events),
        end: () => stream.end(),
      });
      if (stream.open) raw.once('close', stop);
      else stop();
      // What was written between the answer so far and now.
      const since = await this.store.readStream(accountStream(accountId), revision + 1, MOST_TOLD + 1);
      stream.start(since.at(-1)?.revision ?? revision, framesOf(since));
      if (since.length > 0) await this.#tellBalance(accountId, stream);
    } catch {
      stream.end();
    }
  }

  async #tell(accountId: string, stream: LiveStream, events: readonly RecordedEvent[]): Promise<void> {
    if (stream.tell(events)) await this.#tellBalance(accountId, stream).catch(() => stream.end());
  }

  async #tellBalance(accountId: string, stream: LiveStream): Promise<void> {
    const now = this.clock.now();
    const told = stream.told;
    const event = await this.accounts.read(accountId, (state) => balanceEvent(state, now), { fresh: true });
    stream.write(frameOf(event, told));
  }

  /** What happened after the event that the page knows. */
  async #missed(accountId: string, known: number, revision: number): Promise<string> {
    if (known === revision) return '';
    // Of another ledger, or too long ago.
    if (known > revision || revision - known > MOST_TOLD) return frameOf({ event: 'missed', data: {} }, revision);
    return framesOf(await this.store.readStream(accountStream(accountId), known + 1, revision - known));
  }

  #admit(accountId: string): void {
    if (this.#stopping) throw new Refused(stopping);
    if ((this.#streams.get(accountId)?.size ?? 0) >= this.limits.perAccount) throw new Refused(tooManyPages);
    if (this.#count >= this.limits.inAll) throw new Refused(full);
  }

  #hold(accountId: string, stream: LiveStream, { raw }: FastifyReply, { userId, sessionId }: Principal): void {
    const streams = this.#streams.get(accountId) ?? new Set();
    this.#streams.set(accountId, streams.add(stream));
    this.#count++;
    const check = async (): Promise<void> => {
      if (await this.sessions.isValid(userId, sessionId).catch(() => false)) stream.write(': still here\n\n');
      else stream.end();
    };
    const timer = setInterval(() => void check(), this.limits.keepAliveMs).unref();
    raw.on('error', () => undefined); // a broken pipe shows as 'close'
    raw.once('close', () => {
      clearInterval(timer);
      this.#count--;
      streams.delete(stream);
      if (streams.size === 0) this.#streams.delete(accountId);
    });
  }
}

const balanceEvent = (state: Parameters<typeof posted>[0], now: number): LiveEvent => ({
  event: 'balance',
  data: {
    balance: formatUsd(posted(state)),
    held: formatUsd(state.held),
    available: formatUsd(available(state, now)),
    as_of: toInstant(now),
  },
});

/** Anything but a revision is as if it were not there. */
const revisionIn = (header: string | string[] | undefined): number | undefined =>
  // oxlint-disable-next-line no-restricted-globals -- a revision, not an amount
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined;

const stopping = refuse('unavailable', 'shutting_down', 'This gateway is shutting down. Ask again.');
const tooManyPages = refuse(
  'too_many',
  'rate_limit_exceeded',
  'Your account has too many pages open that are kept up to date. Close some; pages that are open still look for news now and then.',
  { retryAfterSeconds: '60' },
);
const full = refuse(
  'unavailable',
  'too_many_live_pages',
  'This gateway keeps as many pages up to date as it can. Pages look for news now and then meanwhile; ask again later.',
);
