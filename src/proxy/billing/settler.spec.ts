// What can't be settled now is settled later, once, or told to an operator.
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { until } from '../../../test/support/gateway/until.js';
import { DAY, HOUR, NOON } from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { EventStoreUnavailable } from '../../event-store/index.js';
import { type JsonObject, Rejection, usd } from '../../kernel/index.js';
import { type AccountEvent, Accounts, accountStream } from '../../ledger/index.js';
import { Metrics } from '../../platform/index.js';
import { usageOf, type Usage } from '../../pricing/index.js';
import { type Settlement, Settler } from './settler.js';

const SHORT = { appendTimeoutMs: 30, appendDeadlineMs: 60 };
const CALL = { accountId: 'acc', requestId: 'request-c', model: 'gpt-4o', priceVersion: 1 };

const settlement = (at = NOON, chargeId = 'c'): Settlement => ({
  ...CALL,
  command: {
    type: 'SettleHold',
    commandId: `${chargeId}/settle`,
    at,
    chargeId,
    cost: usd('0.25'),
    providerCost: usd('0.20'),
    usage: usageOf({ promptTokens: 10, completionTokens: 5 }) as Usage,
    usageRaw: { total_tokens: 15 },
    provider: 'openai',
    upstreamModel: 'gpt-4o',
    attempts: [{ channel: 'openai', status: 200 }],
  },
});
const releasing = (at = NOON): Settlement => ({
  ...CALL,
  command: { type: 'ReleaseHold', commandId: 'c/release', at, chargeId: 'c', reason: 'not_forwarded' },
});

/** An account with the hold `c`, and a settler whose ledger can be made to fail. */
async function setUp() {
  const made = await ledgerWithHistory();
  await made.open('acc');
  await made.hold('acc', 'c');
  const { store, readModels } = made;
  const logged: JsonObject[] = [];
  const lines = new Writable({
    write(line: Buffer, _encoding, done) {
      logged.push(JSON.parse(line.toString()) as JsonObject);
      done();
    },
  });
  const metrics = new Metrics();
  const own = new Accounts(store, readModels, undefined, SHORT);
  const settler = new Settler(own, readModels, metrics, pino(lines));
  const metric = async (name: string, labels = '') => {
    const text = await metrics.registry.getSingleMetricAsString(name);
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name}${labels} `))
        ?.split(' ')
        .at(-1),
    );
  };
  return {
    ...made,
    settler,
    /** The accounts as the settler knows them. */
    own,
    errors: () => logged.filter(({ level }) => level === 50),
    waiting: () => metric('tokenhub_unsettled_charges'),
    endings: (ending: string) => metric('tokenhub_unsettled_endings_total', `{ending="${ending}"}`),
    goDown: () => void store.faults.push(...Array<'fail-before-storing'>(1_000).fill('fail-before-storing')),
    comeBack: () => void (store.faults.length = 0),
    events: async (): Promise<AccountEvent[]> => {
      const recorded = await store.readStream(accountStream('acc'), 0, 1_000);
      return recorded.map(({ type, data }) => ({ type, data }) as unknown as AccountEvent);
    },
    empty: () => until('nothing waits', async () => (await metric('tokenhub_unsettled_charges')) === 0),
  };
}

const ends = (events: readonly AccountEvent[]) =>
  events.filter(({ type }) => type === 'TokensCharged' || type === 'HoldReleased');

describe('settling', () => {
  it('is done at once when the ledger can be reached, and nothing waits', async () => {
    const { settler, events, waiting } = await setUp();
    await settler.execute(settlement());
    expect(ends(await events())).toMatchObject([{ type: 'TokensCharged', data: { chargeId: 'c', cost: '0.25' } }]);
    expect(await waiting()).toBe(0);
  });

  it('can be missed by no alert: what never happened is counted as 0, from which the first one is an increase', async () => {
    const { endings } = await setUp();
    for (const lost of ['refused', 'dropped', 'abandoned']) expect(await endings(lost)).toBe(0);
  });

  it('is told to have failed while the ledger is down, and done once when it is back', async () => {
    const { settler, events, waiting, endings, goDown, comeBack, empty } = await setUp();
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    expect(await waiting()).toBe(1);
    expect(ends(await events())).toEqual([]);
    comeBack();
    await empty();
    expect(ends(await events())).toMatchObject([{ type: 'TokensCharged', data: { cost: '0.25', hold: '1.00' } }]);
    expect(await endings('charged')).toBe(1);
  });

  it('that was stored, with its reply lost, charges once', async () => {
    const { store, settler, events, endings, goDown, comeBack, empty } = await setUp();
    store.faults.push('lose-reply');
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    comeBack();
    await empty();
    expect(ends(await events())).toMatchObject([{ type: 'TokensCharged' }]);
    expect(await endings('charged')).toBe(1);
  });

  it('of a hold that expired and was released in the meantime is a late charge', async () => {
    const { accounts, settler, events, goDown, comeBack, empty, errors } = await setUp();
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    comeBack();
    const at = NOON + HOUR;
    const release = { type: 'ReleaseHold', commandId: 'c/sweep', at, chargeId: 'c', reason: 'expired' } as const;
    await accounts.execute('acc', release);
    await empty();
    expect(ends(await events())).toMatchObject([
      { type: 'HoldReleased', data: { reason: 'expired' } },
      { type: 'TokensCharged', data: { late: true, cost: '0.25', hold: '0.00' } },
    ]);
    expect(errors()).toEqual([]);
  });
});

describe('what the ledger refuses', () => {
  /** More than a day ago the hold was released, so that a late charge is too late. */
  const released = async ({ accounts }: Awaited<ReturnType<typeof setUp>>) => {
    const release = { type: 'ReleaseHold', commandId: 'c/sweep', chargeId: 'c', reason: 'expired' } as const;
    await accounts.execute('acc', { ...release, at: NOON });
  };

  it('is logged with all it takes to book it by hand, and not tried again', async () => {
    const made = await setUp();
    await released(made);
    await expect(made.settler.execute(settlement(NOON + DAY))).rejects.toThrow('no hold c');
    expect(made.errors()).toMatchObject([
      {
        ...CALL,
        chargeId: 'c',
        cost: '0.25',
        providerCost: '0.20',
        usage: { promptTokens: 10, completionTokens: 5 },
        provider: 'openai',
        upstreamModel: 'gpt-4o',
        ending: 'refused',
        msg: expect.stringContaining('not in the ledger'),
      },
    ]);
    expect(await made.waiting()).toBe(0);
    expect(await made.endings('refused')).toBe(1);
  });

  it('after it had to wait is logged in the same way', async () => {
    const made = await setUp();
    await released(made);
    made.goDown();
    const command = { ...settlement(NOON + DAY) };
    made.store.readStream = () => Promise.reject(new EventStoreUnavailable('down'));
    await expect(made.settler.execute(command)).rejects.toBeInstanceOf(EventStoreUnavailable);
    delete (made.store as { readStream?: unknown }).readStream;
    made.comeBack();
    await made.empty();
    expect(made.errors()).toMatchObject([{ chargeId: 'c', cost: '0.25', ending: 'refused' }]);
  });

  it('is no loss when it was charged before, and the account has forgotten', async () => {
    const made = await setUp();
    const { store, settler, own, goDown, comeBack, empty, endings, errors, events } = made;
    store.faults.push('lose-reply');
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    // The settler finds the ledger when the read models have seen everything, and not before.
    own.reachable = () => Promise.reject(new EventStoreUnavailable('not yet'));
    comeBack();
    // Another gateway goes on for longer than an account remembers a charge, and the read models see it all.
    const later = { commandId: 'later', at: NOON + HOUR, reason: 'a test' };
    await made.accounts.execute('acc', { type: 'SuspendAccount', ...later });
    await made.project();
    delete (own as { reachable?: unknown }).reachable;
    await empty();
    expect(ends(await events())).toHaveLength(1);
    expect(errors()).toEqual([]);
    expect(await endings('charged')).toBe(1);
  });
});

describe('a hold that was given up', () => {
  it('is released when it is stored after all', async () => {
    const { settler, events, empty, endings } = await setUp();
    settler.takeBack(Promise.resolve([{}]), releasing());
    await empty();
    expect(ends(await events())).toMatchObject([{ type: 'HoldReleased', data: { reason: 'not_forwarded' } }]);
    expect(await endings('released')).toBe(1);
  });

  it('is released when nobody knows whether it is stored', async () => {
    const { settler, events, empty } = await setUp();
    settler.takeBack(Promise.reject(new EventStoreUnavailable('unknown')), releasing());
    await empty();
    expect(ends(await events())).toHaveLength(1);
  });

  it('is left alone when it was refused, or never decided', async () => {
    const { settler, events, empty } = await setUp();
    settler.takeBack(Promise.resolve(new Rejection('unavailable', 'withdrawn', '')), releasing());
    settler.takeBack(Promise.reject(new TypeError('broken')), releasing());
    await empty();
    expect(ends(await events())).toEqual([]);
  });

  it('is nothing to release when it was not stored', async () => {
    const { settler, empty, endings } = await setUp();
    const other = { ...releasing().command, chargeId: 'unheard of' };
    settler.takeBack(Promise.reject(new EventStoreUnavailable('unknown')), { ...releasing(), command: other });
    await empty();
    expect(await endings('not_held')).toBe(1);
  });
});

describe('limits', () => {
  it('more than 10,000 do not wait: the one too many is logged', async () => {
    const { settler, waiting, endings, errors } = await setUp();
    for (let count = 0; count < 10_000; count++) settler.takeBack(new Promise(() => {}), releasing());
    settler.takeBack(new Promise(() => {}), releasing());
    expect(await waiting()).toBe(10_000);
    expect(await endings('dropped')).toBe(1);
    expect(errors()).toMatchObject([{ chargeId: 'c', ending: 'dropped' }]);
  });

  it('the end of the process gives what waits a last chance', async () => {
    const { settler, events, waiting, goDown, comeBack, errors } = await setUp();
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    const drained = settler.drain(30_000);
    comeBack();
    await drained;
    expect(await waiting()).toBe(0);
    expect(ends(await events())).toHaveLength(1);
    expect(errors()).toEqual([]);
  });

  it('the end of the process does not wait for longer than it may: what is left is logged', async () => {
    const { settler, goDown, errors, endings } = await setUp();
    goDown();
    await expect(settler.execute(settlement())).rejects.toBeInstanceOf(EventStoreUnavailable);
    await settler.drain(100);
    expect(errors()).toMatchObject([{ chargeId: 'c', cost: '0.25', ending: 'abandoned' }]);
    expect(await endings('abandoned')).toBe(1);
  });
});
