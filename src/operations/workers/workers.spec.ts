import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  DAY,
  declineRefund,
  HOUR,
  NOON,
  purchase,
  recordDispute,
  requestRefund,
  SECOND,
} from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { loadConfig } from '../../platform/config.js';
import { markOf, NO_STREAM, type RecordedEvent, WaitFor } from '../../event-store/index.js';
import { Clock, formatUsd, toInstant, usd } from '../../kernel/index.js';
import { accountStream, charges, posted } from '../../ledger/index.js';
import { CreditExpirer } from './credit-expirer.js';
import { HoldSweeper } from './hold-sweeper.js';
import { Metrics } from '../../platform/metrics.js';
import { PeriodicWorkers } from '../../platform/periodic-workers.js';

class FixedClock extends Clock {
  constructor(public at: number) {
    super();
  }

  override now(): number {
    return this.at;
  }
}

const workers = new PeriodicWorkers(pino({ level: 'silent' }));
afterEach(() => workers.onApplicationShutdown());

type Made = Awaited<ReturnType<typeof ledgerWithHistory>>;

const eventsOf = async ({ store }: Made, accountId: string) =>
  (await store.readStream(accountStream(accountId), 0, 100)).map(({ type, data }) => ({ type, data }));

describe('the hold sweeper', () => {
  const sweep = async ({ store, readModels, accounts }: Made, at: number, config = loadConfig({})) => {
    const sweeper = new HoldSweeper(
      store,
      readModels,
      new WaitFor(store, readModels),
      accounts,
      new FixedClock(at),
      new Metrics(),
      workers,
      pino({ level: 'silent' }),
      config,
    );
    await sweeper.onApplicationBootstrap();
    return sweeper;
  };

  it('releases at the start what an earlier run left open, and nothing else', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.open('b');
    for (const charge of ['c1', 'c2', 'c3']) await made.hold('a', charge);
    await made.hold('b', 'c4');
    await made.settle('a', 'c2', 10);
    await sweep(made, NOON + HOUR);
    const released = [...(await eventsOf(made, 'a')), ...(await eventsOf(made, 'b'))].filter(
      ({ type }) => type === 'HoldReleased',
    );
    expect(released.map(({ data }) => [data['chargeId'], data['reason'], data['requestId']])).toEqual([
      ['c1', 'gateway_restarted', 'request-c1'],
      ['c3', 'gateway_restarted', 'request-c3'],
      ['c4', 'gateway_restarted', 'request-c4'],
    ]);
    expect(formatUsd(await made.accounts.read('a', ({ held }) => held))).toBe('0.00');
  });

  it('releases what a clock that was ahead has opened, once it was seen here for as long as a hold lives', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await made.project();
    const sweeper = await sweep(made, NOON - 2 * DAY, loadConfig({ EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false' }));
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      await sweeper.sweep();
      expect(await made.accounts.read('a', ({ holds }) => holds.size)).toBe(1);
      vi.advanceTimersByTime(60 * SECOND);
      await sweeper.sweep();
      expect(await made.accounts.read('a', ({ holds }) => holds.size)).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does nothing the second time', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await sweep(made, NOON + HOUR);
    const head = await made.store.head();
    await sweep(made, NOON + HOUR);
    expect(await made.store.head()).toBe(head);
  });

  it('leaves alone at the start what another gateway may be working on, where many share the ledger', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await sweep(made, NOON + SECOND, loadConfig({ EVENT_STORE_URL: 'esdb://127.0.0.1:2113?tls=false' }));
    expect((await eventsOf(made, 'a')).map(({ type }) => type)).not.toContain('HoldReleased');
  });

  it('releases them later where the read model is not whole at the start, and leaves the holds of this run alone', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await made.project();
    const poison = { id: randomUUID(), type: 'HoldReleased', data: { chargeId: 'none' }, metadata: {} };
    await made.store.append('account-x', NO_STREAM, [poison]);
    const sweeper = await sweep(made, NOON + SECOND);
    const releasedNow = async () =>
      (await eventsOf(made, 'a')).flatMap(({ type, data }) => (type === 'HoldReleased' ? [data['chargeId']] : []));
    expect(await releasedNow()).toEqual([]);

    await made.hold('a', 'c2');
    const [row] = await made.readModels.find(charges.view, {});
    const newest = (await made.store.readAll((await made.store.head()) - 1, 1)).at(-1) as RecordedEvent;
    const to = newest.position;
    const ofThisRun = {
      id: 'c2',
      position: to,
      doc: { ...row?.doc, chargeId: 'c2', openedAt: toInstant(NOON + 2 * SECOND) },
    };
    const from = await made.readModels.checkpoint(charges.view);
    await made.readModels.apply(charges.view, { rows: [ofThisRun], checkpoint: { from, to, mark: markOf(newest) } });
    await sweeper.sweep();
    expect(await releasedNow()).toEqual(['c1']);
  });

  it('leaves room for usage that comes late', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await sweep(made, NOON + SECOND);
    await made.settle('a', 'c1', 1_000);
    expect((await eventsOf(made, 'a')).at(-1)).toMatchObject({
      type: 'TokensCharged',
      data: { late: true, cost: '0.01025' },
    });
  });
});

describe('the credit expirer', () => {
  const expire = ({ store, readModels, accounts }: Made, at: number) => {
    const waitFor = new WaitFor(store, readModels);
    const expirer = new CreditExpirer(readModels, waitFor, accounts, new FixedClock(at), workers);
    expirer.onApplicationBootstrap();
  };

  it('books what was left of credit whose time has come, once', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await made.settle('a', 'c1', 1_000);
    await made.project();
    const afterExpiry = NOON + 365 * DAY;
    expire(made, afterExpiry);
    await expect.poll(async () => (await eventsOf(made, 'a')).at(-1)?.type).toBe('CreditExpired');
    expect((await eventsOf(made, 'a')).at(-1)?.data).toMatchObject({
      lotId: 'lot-a',
      kind: 'bonus',
      amount: '9.98975',
    });
    expect(await made.accounts.read('a', posted)).toBe(usd('0'));
    await made.project();
    const head = await made.store.head();
    expire(made, afterExpiry);
    await made.accounts.read('a', () => undefined, { fresh: true });
    expect(await made.store.head()).toBe(head);
  });

  it('waits for a read model that is being built, and passes over none of what it finds', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    expire(made, NOON + 365 * DAY);
    await made.project();
    await expect.poll(async () => (await eventsOf(made, 'a')).at(-1)?.type).toBe('CreditExpired');
  });

  it('books credit that came back long after its expiry, whatever brought it back', async () => {
    const made = await ledgerWithHistory();
    const clock = new FixedClock(NOON);
    const waitFor = new WaitFor(made.store, made.readModels);
    const expirer = new CreditExpirer(made.readModels, waitFor, made.accounts, clock, workers);
    const turn = async (at: number) => {
      clock.at = at;
      await made.project();
      await expirer.expire();
      await made.project();
    };
    const { accounts } = made;
    for (const id of ['refunded', 'disputed']) {
      await made.open(id);
      await accounts.execute(id, purchase(`lot-of-${id}`, '5', { expiresAt: NOON + DAY }));
    }
    await accounts.execute('refunded', requestRefund('r', 'lot-of-refunded', '2'));
    await accounts.execute('disputed', recordDispute('d', 'lot-of-disputed', { amount: '5', withdrawn: '5' }));
    await turn(NOON + DAY);
    await turn(NOON + 3 * DAY);
    const back = { at: NOON + 3 * DAY };
    await accounts.execute('refunded', declineRefund('r', 'user-2', back));
    await accounts.execute(
      'disputed',
      recordDispute('d', 'lot-of-disputed', { amount: '5', withdrawn: '5', reinstated: '5', ...back }),
    );
    await turn(NOON + 3 * DAY + HOUR);
    for (const [id, amount] of Object.entries({ refunded: '2.00', disputed: '5.00' }))
      expect((await eventsOf(made, id)).at(-1)).toMatchObject({ type: 'CreditExpired', data: { amount } });
  });

  it('leaves credit alone whose time has not come', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.project();
    expire(made, NOON + DAY);
    await made.accounts.read('a', () => undefined, { fresh: true });
    expect((await eventsOf(made, 'a')).map(({ type }) => type)).not.toContain('CreditExpired');
  });
});
