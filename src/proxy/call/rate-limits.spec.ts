import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOON } from '../../../test/support/ledger/commands.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryRateLimitStore } from '../../adapters/memory/memory-rate-limit-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { loadConfig } from '../../platform/config.js';
import { EventStoreUnavailable, type RecordedEvent } from '../../event-store/index.js';
import type { Caller } from '../../keys/index.js';
import { Accounts, type KeySettings } from '../../ledger/index.js';
import { ApiError, type Use } from '../../platform/http/index.js';
import { RateLimits } from './rate-limits.js';
import { type AdmittedTokens, estimatedTokens } from './token-limit.js';

class WatchedStore extends MemoryEventStore {
  reads = 0;
  isDown = false;

  override readStream(...range: [string, number, number]): Promise<readonly RecordedEvent[]> {
    this.reads++;
    if (this.isDown) return Promise.reject(new EventStoreUnavailable('down'));
    return super.readStream(...range);
  }
}

let store: WatchedStore;
/** The gateway's own accounts, and another process's. */
let accounts: Accounts;
let elsewhere: Accounts;
let limits: RateLimits;
beforeEach(async () => {
  store = new WatchedStore();
  accounts = new Accounts(store, new MemoryReadModelStore());
  elsewhere = new Accounts(store, new MemoryReadModelStore());
  const config = loadConfig({ KEY_REQUESTS_PER_MINUTE: '3', ACCOUNT_REQUESTS_PER_MINUTE: '7' });
  limits = new RateLimits(new MemoryRateLimitStore(), accounts, config);
  await elsewhere.execute('a', { type: 'OpenAccount', commandId: '1', at: NOON, accountId: 'a' });
  const key = { keyId: 'k', secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'test' } };
  await elsewhere.execute('a', { type: 'IssueKey', commandId: '2', at: NOON, ...key });
});

let commands = 0;
const update = (settings: Partial<KeySettings>) =>
  elsewhere.execute('a', {
    type: 'UpdateKey',
    commandId: `update ${commands++}`,
    at: NOON,
    keyId: 'k',
    settings: { name: 'test', ...settings },
  });

/** The caller as the gateway knows the key. */
async function caller(keyId = 'k'): Promise<Caller> {
  return accounts.read('a', ({ keys }) => {
    const key = keys.get(keyId);
    return { accountId: 'a', keyId, rootId: key?.root ?? keyId, settings: key?.settings ?? { name: 'other' } };
  });
}

/** The headers of a call, or the refusal. */
const call = async (keyId?: string) => limits.admit(await caller(keyId)).catch((error: unknown) => error);

async function calls(count: number, keyId?: string): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (let n = 0; n < count; n++) outcomes.push(await call(keyId));
  return outcomes;
}

const refused = (outcomes: readonly unknown[]): number => outcomes.filter((each) => each instanceof ApiError).length;

describe('requests per minute', () => {
  it('are those of the key, or of the configuration', async () => {
    expect((await calls(4)).map((each) => each instanceof ApiError)).toEqual([false, false, false, true]);
    expect((await calls(4, 'other')).map((each) => each instanceof ApiError)).toEqual([false, false, false, true]);
  });

  it('of a key beyond its limit take nothing from its account', async () => {
    expect(refused(await calls(20))).toBe(17);
    expect(refused([...(await calls(3, 'second')), ...(await calls(1, 'third'))])).toBe(0);
    const [beyond] = await calls(1, 'third');
    expect(beyond).toMatchObject({ message: expect.stringContaining('This account has reached its limit of 7') });
  });

  it('that another process has widened count at once', async () => {
    await calls(4);
    await update({ requestsPerMinute: 5 });
    await expect.poll(() => call()).toMatchObject({ 'x-ratelimit-limit-requests': '5' });
  });

  it('that another process has widened count for the very call that would be refused', async () => {
    await calls(3);
    await update({ requestsPerMinute: 5 });
    expect(await call()).toMatchObject({ 'x-ratelimit-limit-requests': '5', 'x-ratelimit-remaining-requests': '4' });
  });

  it('that another process has narrowed below what was used refuse by the narrower limit', async () => {
    await calls(3);
    await update({ requestsPerMinute: 1 });
    expect(await call(), 'a limit of another size is counted anew').toMatchObject({
      'x-ratelimit-limit-requests': '1',
    });
    expect(await call()).toMatchObject({ message: expect.stringContaining('limit of 1 request per minute') });
  });

  it('when refused are looked up once a second at most', async () => {
    await calls(3);
    const [before, since] = [store.reads, performance.now()];
    expect(refused(await calls(500))).toBe(500);
    expect(store.reads - before).toBeLessThanOrEqual(1 + (performance.now() - since) / 1_000);
    expect(store.reads).toBeGreaterThan(before);
  });

  it('are refused all the same while the event store can’t be read', async () => {
    await calls(3);
    store.isDown = true;
    expect(await call()).toMatchObject({ message: expect.stringContaining('limit of 3 requests per minute') });
  });
});

describe('tokens per minute', () => {
  /** The tokens a call was let in with, or the refusal. */
  const admit = async (estimate: number, keyId?: string): Promise<AdmittedTokens | ApiError> =>
    limits.admitTokens(await caller(keyId), estimate).catch((error: unknown) => error as ApiError);
  async function admitted(estimate: number): Promise<AdmittedTokens> {
    const tokens = await admit(estimate);
    if (tokens instanceof ApiError) throw tokens;
    return tokens;
  }
  const left = ({ headers }: AdmittedTokens) => headers['x-ratelimit-remaining-tokens'];

  it('are not limited where neither key nor configuration says so', async () => {
    const tokens = await admitted(1_000_000_000);
    expect(tokens.headers).toEqual({});
    await tokens.used(5);
  });

  it('are those of the configuration where the key says nothing', async () => {
    const config = loadConfig({ KEY_TOKENS_PER_MINUTE: '50' });
    limits = new RateLimits(new MemoryRateLimitStore(), accounts, config);
    expect((await admitted(20)).headers).toEqual({
      'x-ratelimit-limit-tokens': '50',
      'x-ratelimit-remaining-tokens': '30',
      'x-ratelimit-reset-tokens': '60s',
    });
  });

  describe('of a key with 100', () => {
    beforeEach(() => update({ tokensPerMinute: 100 }).then(() => accounts.read('a', () => undefined, { fresh: true })));

    it('are refused beyond what is left, which stays there for smaller requests', async () => {
      await admitted(60);
      const refusal = await admit(41);
      expect(refusal).toMatchObject({ status: 429, options: { code: 'rate_limit_exceeded' } });
      expect((refusal as ApiError).message).toMatch(
        /^This API key has a limit of 100 tokens per minute and has used 60; this request may take 41\. Try again in \d+ s\.$/,
      );
      expect((refusal as ApiError).options.headers).toMatchObject({
        'retry-after': expect.stringMatching(/^(59|60)$/),
        'x-ratelimit-limit-tokens': '100',
        'x-ratelimit-remaining-tokens': '40',
      });
      expect(left(await admitted(40))).toBe('0');
    });

    it('give back what a request did not use', async () => {
      await (await admitted(80)).used(15);
      expect(left(await admitted(80))).toBe('5');
    });

    it('give all back when nothing was charged', async () => {
      await (await admitted(80)).used(0);
      expect(left(await admitted(100))).toBe('0');
    });

    it('count what a request used beyond its estimate, also beyond the limit', async () => {
      await (await admitted(10)).used(250);
      expect(await admit(0)).toMatchObject({ message: expect.stringContaining('has used 250') });
    });

    it('never let in a request that is larger than the limit, and count nothing of it', async () => {
      const refusal = (await admit(101)) as ApiError;
      expect(refusal.message).toContain('may take 101 tokens, and this API key has a limit of 100 tokens per minute');
      expect(refusal.options.headers).not.toHaveProperty('retry-after');
      expect(refusal.options.headers).toMatchObject({ 'x-should-retry': 'false' });
      expect(left(await admitted(100))).toBe('0');
    });

    it.each<[string, Partial<KeySettings>, string | undefined]>([
      ['widened', { tokensPerMinute: 200 }, '50'],
      ['taken away', {}, undefined],
    ])(
      'that another process has %s count for the very call that would be refused',
      async (_how, settings, remaining) => {
        await update(settings);
        expect(left(await admitted(150))).toBe(remaining);
      },
    );
  });
});

describe('a request that is read while it is counted', () => {
  /** Counts on a server, which answers after a while. */
  class RemoteStore extends MemoryRateLimitStore {
    asked = 0;
    override readonly asksServer = true;
    answered = 0;

    override async consume(uses: readonly Use[]) {
      this.asked++;
      await delay(50);
      this.answered++;
      return super.consume(uses);
    }
  }

  const invalid = new Error('invalid');
  let remote: RemoteStore;
  beforeEach(async () => {
    await update({ tokensPerMinute: 100 });
    await accounts.read('a', () => undefined, { fresh: true });
    remote = new RemoteStore();
    limits = new RateLimits(remote, accounts, loadConfig({ KEY_REQUESTS_PER_MINUTE: '3' }));
  });

  /** Lets a request in that wants so many tokens; of an invalid one, none are known. */
  async function request(wanted?: number): Promise<AdmittedTokens> {
    const me = await caller();
    const read = async (): Promise<AdmittedTokens> => {
      if (wanted === undefined) throw invalid;
      return limits.admitTokens(me, wanted);
    };
    return limits.whileCounted(limits.admit(me), { work: read, undo: (tokens) => tokens.used(0) });
  }
  const tokensLeft = ({ headers }: AdmittedTokens) => headers['x-ratelimit-remaining-tokens'];
  const beyondRequests = { message: expect.stringContaining('limit of 3 requests per minute') };

  it('has its tokens counted at the same time', async () => {
    const letIn = request(60);
    await expect.poll(() => remote.asked, { interval: 1 }).toBe(2);
    expect(remote.answered, 'neither waits for the other').toBe(0);
    expect(tokensLeft(await letIn)).toBe('40');
  });

  it('is counted though it is invalid', async () => {
    for (let n = 0; n < 3; n++) await expect(request()).rejects.toBe(invalid);
    await expect(request(1)).rejects.toMatchObject(beyondRequests);
  });

  it('is refused for its limit before anything else, and takes no tokens then', async () => {
    for (let n = 0; n < 3; n++) await request(10);
    await expect(request(), 'also invalid').rejects.toMatchObject(beyondRequests);
    await expect(request(60)).rejects.toMatchObject(beyondRequests);
    await expect(request(90), 'also beyond its tokens').rejects.toMatchObject(beyondRequests);
    await update({ tokensPerMinute: 100, requestsPerMinute: 50 });
    await accounts.read('a', () => undefined, { fresh: true });
    expect(tokensLeft(await request(70)), 'of 100, 30 of them used').toBe('0');
  });

  it.each([
    ['there is none', new MemoryRateLimitStore()],
    ['a refusal was remembered', Object.assign(new MemoryRateLimitStore(), { asksServer: true })],
  ])('is not read at all when its refusal is known without asking a server, as %s', async (_case, counts) => {
    limits = new RateLimits(counts, accounts, loadConfig({ KEY_REQUESTS_PER_MINUTE: '3' }));
    const me = await caller();
    let read = 0;
    const one = () => limits.whileCounted(limits.admit(me), { work: () => void read++ });
    for (let n = 0; n < 3; n++) await one();
    for (let n = 0; n < 5; n++) await expect(one()).rejects.toMatchObject(beyondRequests);
    expect(read).toBe(3);
  });
});

describe('the estimate of a request', () => {
  it.each([
    ['its cap, when the prompt is short', { promptTokens: 400 }, 1_000, 1, 1_000],
    ['its cap for each choice', { promptTokens: 400 }, 1_000, 3, 3_000],
    ['a quarter of what its prompt can come to, when that is more', { promptTokens: 4_001 }, 1_000, 1, 1_001],
    ['that of its prompt, when it sets no cap', { promptTokens: 40 }, undefined, 2, 10],
  ])('is %s', (_case, input, maxTokens, choices, tokens) =>
    expect(estimatedTokens({ input, maxTokens, choices })).toBe(tokens),
  );
});
