// Pages that are kept up to date, over a real HTTP server and a ledger in memory.
import { once } from 'node:events';
import { type ClientRequest, IncomingMessage, request, ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { until } from '../../../test/support/gateway/until.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { EventFeed } from '../../event-store/index.js';
import type { Sessions } from '../../identity/index.js';
import { Clock, Refused } from '../../kernel/index.js';
import { AccountNews } from './account-news.js';
import { LivePages } from './live-pages.js';
import { LiveStream } from './live-stream.js';

class StillClock extends Clock {
  override now = () => NOON;
}

const LIMITS = { perAccount: 2, inAll: 3, keepAliveMs: 50 };

let made: Awaited<ReturnType<typeof ledgerWithHistory>>;
let app: FastifyInstance;
let pages: LivePages;
let feed: EventFeed;
let hasSession: boolean;

beforeEach(async () => {
  made = await ledgerWithHistory();
  for (const account of ['a', 'b']) await made.open(account);
  hasSession = true;
  const sessions = { isValid: async () => hasSession } as unknown as Sessions;
  feed = new EventFeed(made.store);
  const news = new AccountNews(feed, made.store);
  pages = new LivePages(news, made.store, made.accounts, sessions, new StillClock(), LIMITS);
  app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((thrown, _request, reply) =>
    thrown instanceof Refused ? reply.status(400).send(thrown.rejection.code) : reply.status(500).send(String(thrown)),
  );
  app.get<{ Params: { account: string } }>('/:account', async (asked, reply) => {
    asked.principal = { accountId: asked.params.account, userId: 'u', sessionId: 's', roles: [], secondFactor: false };
    await pages.open(asked, reply);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

/** A page: what it has been told so far. */
class TestPage {
  text = '';
  ended = false;

  private constructor(
    readonly response: IncomingMessage,
    private readonly asked: ClientRequest,
  ) {
    response.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    response.on('close', () => (this.ended = true));
  }

  static async open(account: string, headers: Record<string, string> = {}): Promise<TestPage> {
    const { port } = app.server.address() as AddressInfo;
    const asked = request({ host: '127.0.0.1', port, path: `/${account}`, headers }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return new TestPage(response, asked);
  }

  /** The events so far: names, ids and data. */
  get events(): readonly { readonly event: string; readonly id: number; readonly data: Record<string, string> }[] {
    return [...this.text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)].map(([, id, event = '', data = '']) => ({
      event,
      id: Number(id),
      data: JSON.parse(data) as Record<string, string>,
    }));
  }

  get names(): readonly string[] {
    return this.events.map(({ event }) => event);
  }

  told(name: string, count = 1): Promise<unknown> {
    return until(name, () => this.names.filter((each) => each === name).length >= count);
  }

  leave(): void {
    this.asked.destroy();
  }
}

async function call(account: string, chargeId: string): Promise<void> {
  await made.hold(account, chargeId);
  await made.settle(account, chargeId, 1_000);
}

describe('a page', () => {
  it('is told its balance at once, and what happens from then on, of its own account only', async () => {
    const page = await TestPage.open('a');
    await page.told('balance');
    expect(page.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(page.events[0]).toMatchObject({ id: 2, data: { balance: '10.00', held: '0.00', available: '10.00' } });
    await call('b', 'of another');
    await call('a', 'c1');
    await page.told('balance', 2);
    const [charge, balance] = page.events.slice(-2);
    // 100 × $2.50 + 1,000 × $10.00 a million
    expect(charge).toEqual({
      event: 'charge',
      id: 4,
      data: {
        charge_id: 'c1',
        request_id: 'request-c1',
        key_id: 'k-a',
        model: 'gpt-4o',
        status: 'charged',
        cost: '0.01025',
      },
    });
    expect(balance).toMatchObject({ event: 'balance', id: 4, data: { balance: '9.98975', held: '0.00' } });
    expect(page.text).not.toContain('of another');
  });

  it('goes on after the last event it knows, without gap or repeat', async () => {
    await call('a', 'c1');
    await call('a', 'c2');
    const page = await TestPage.open('a', { 'last-event-id': '4' });
    await call('a', 'c3');
    await page.told('charge', 2);
    const charges = page.events.filter(({ event }) => event === 'charge');
    expect(charges.map(({ id, data }) => [id, data['charge_id']])).toEqual([
      [6, 'c2'],
      [8, 'c3'],
    ]);
  });

  it('is told to read again when it missed too much, or knows another ledger', async () => {
    for (let index = 0; index < 26; index++) await call('a', `c${index}`);
    for (const known of ['2', '1000']) {
      const page = await TestPage.open('a', { 'last-event-id': known });
      await page.told('balance');
      expect(page.names).toEqual(['missed', 'balance']);
      page.leave();
      await until('that it is gone', () => page.ended);
    }
  });

  it('that can’t follow a busy account is told to read again, with the balance', async () => {
    const page = await TestPage.open('a');
    await page.told('balance');
    for (let index = 0; index < 60; index++) await call('a', `c${index}`);
    await until('the last balance', () => page.events.at(-1)?.id === 122);
    expect(page.names).toContain('missed');
    expect(page.events.at(-1)).toMatchObject({ event: 'balance', data: { balance: '9.385' } });
  });

  it('hears that it is still connected, until its session ends', async () => {
    const page = await TestPage.open('a');
    await until('a comment', () => page.text.includes(': still here\n\n'));
    expect(page.ended).toBe(false);
    hasSession = false;
    await until('the end', () => page.ended);
  });

  it('ends when the gateway stops, and no other is opened', async () => {
    const page = await TestPage.open('a');
    pages.onModuleDestroy();
    await until('the end', () => page.ended);
    const refused = await TestPage.open('a');
    await until('the refusal', () => refused.ended);
    expect(refused.text).toBe('shutting_down');
  });

  it('that does not read is disconnected', () => {
    const unread = new ServerResponse(new IncomingMessage(new Socket()));
    const stream = new LiveStream(unread, {});
    stream.write('x'.repeat(60_000));
    expect(stream.open).toBe(true);
    stream.write('x'.repeat(10_000));
    expect(stream.open).toBe(false);
  });
});

describe('pages', () => {
  it('are limited for an account and in all, and make room when they go', async () => {
    const [first] = [await TestPage.open('a'), await TestPage.open('a'), await TestPage.open('b')];
    const refused = [await TestPage.open('a'), await TestPage.open('b')];
    await until('the refusals', () => refused.every(({ ended }) => ended));
    expect(refused.map(({ text }) => text)).toEqual(['rate_limit_exceeded', 'too_many_live_pages']);
    first?.leave();
    await until('room', async () => (await TestPage.open('a')).response.statusCode === 200);
  });

  it('take no room when they are gone before their account was read', async () => {
    const stored = made.accounts.stored.bind(made.accounts);
    for (let gone = 0; gone < LIMITS.inAll; gone++) {
      const left = Promise.withResolvers<void>();
      made.accounts.stored = async (id) => left.promise.then(() => stored(id));
      app.server.once('request', (_asked, answer) => answer.once('close', left.resolve));
      const { port } = app.server.address() as AddressInfo;
      const asked = request({ host: '127.0.0.1', port, path: '/a' }).on('error', () => undefined);
      app.server.once('request', () => asked.destroy());
      asked.end();
      await left.promise;
    }
    made.accounts.stored = stored;
    const page = await TestPage.open('a');
    expect(page.response.statusCode).toBe(200);
  });

  it('follow the ledger once, and not at all when they are gone', async () => {
    const [one, two] = [await TestPage.open('a'), await TestPage.open('b')];
    await call('a', 'c1');
    await one.told('charge');
    expect(feed.followers).toBe(1);
    one.leave();
    two.leave();
    await until('the end', () => feed.followers === 0);
  });
});
