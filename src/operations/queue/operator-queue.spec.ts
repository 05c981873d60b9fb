// What waits, what each choice would do, and that the choice does just that.
import { beforeEach, describe, expect, it } from 'vitest';
import { MODEL, QueueDesk } from '../../../test/support/operations/queue-desk.js';
import { DAY_MS, usd } from '../../kernel/index.js';
import { ConfigurationError } from '../../platform/config.js';
import { refusedEffect, sentenceOf } from './effect.js';
import { itemOf, QUEUE_KINDS } from './queue-item.js';

const BLOCK = { prompt_tokens: 1_000_000, completion_tokens: 250_000, total_tokens: 1_250_000 };

let desk: QueueDesk;
beforeEach(async () => {
  desk = await new QueueDesk().open();
});
const kinds = async () => (await desk.items()).map(({ kind, id }) => `${kind} ${id}`);

/** What is said of a choice before it is made is what it does. */
async function doesWhatItSays(id: string, choice: string, by = 'olga'): Promise<readonly string[]> {
  const { accountId = 'acc0' } = await desk.item(id);
  const said = await desk.effect(id, choice, by);
  expect(said.refused).toBeUndefined();
  const recorded = await desk.choose(id, choice, by);
  expect(recorded).toEqual(said.events.map(({ type }) => type));
  const after = said.balances.find((change) => change.accountId === accountId)?.balance.after;
  expect(await desk.balance(accountId)).toBe(after ?? (await desk.balance(accountId)));
  return recorded as readonly string[];
}

describe('a call whose usage is unknown', () => {
  it('is charged by its block for what was said before', async () => {
    await desk.unknown('c', BLOCK);
    expect(await kinds()).toEqual(['usage_unknown c']);
    const effect = await desk.effect('c', 'charge_block');
    expect(sentenceOf(effect)).toBe('The balance goes from $5.00 to $3.50.');
    expect(effect.postings).toContainEqual({ account: 'revenue:usage', currency: 'USD', amount: '-1.50' });
    expect(await doesWhatItSays('c', 'charge_block')).toEqual(['TokensCharged']);
    const [charged] = (await desk.store.readStream('account-acc0', 0, 100)).slice(-1);
    expect(charged?.data['byHand']).toEqual({ actor: 'olga', reason: 'olga says so' });
    expect(await kinds()).toEqual([]);
    expect(await desk.item('c')).toMatchObject({ open: false, facts: { cost: '1.50' } });
    expect((await desk.item('c')).known).toMatch(/ It was charged \$1\.50 later\.$/);
  });

  it('is charged by counts that are given, and by nothing else where there is no block', async () => {
    await desk.unknown('c');
    expect(await desk.offered('c')).toEqual(['charge_counts', 'dismiss']);
    expect(await desk.choose('c', 'charge_counts')).toBe('input_needed');
    const counts = { promptTokens: 1_000, completionTokens: 500 };
    expect((await desk.effect('c', 'charge_counts', 'olga', { counts })).balances[0]?.balance.after).toBe('4.998');
    expect(await desk.choose('c', 'charge_counts', 'olga', { counts })).toEqual(['TokensCharged']);
    expect(await desk.balance()).toBe('4.998');
  });

  it('is charged at the price of when it was made, by the clock of its gateway, though its account was ahead', async () => {
    const [price, onMonday] = [
      { input: '1.00', output: '2.00' },
      { input: '2.00', output: '4.00' },
    ];
    const windows = [{ days: ['mon' as const], from: '00:00', to: '23:59', price: onMonday }];
    await desk.publish([{ model: MODEL, bands: [{ price, cost: price, windows }] }]);
    desk.clock.pass(2 * DAY_MS);
    await desk.tell('acc0', { type: 'SuspendAccount', reason: 'a clock that is ahead' });
    await desk.tell('acc0', { type: 'ReinstateAccount', reason: 'it was set right' });
    desk.clock.pass(-2 * DAY_MS);
    await desk.unknown('c', BLOCK, 'acc0', { amount: '4', priceVersion: 2, turn: 1 });
    expect(await desk.choose('c', 'charge_block')).toEqual(['TokensCharged']);
    expect(await desk.balance()).toBe('2.00');
  });

  it('is charged once when two people choose at once, and the other learns of it', async () => {
    await desk.unknown('c', BLOCK);
    const seen = await desk.item('c');
    const counts = { promptTokens: 1, completionTokens: 1 };
    const outcomes = await Promise.all([
      desk.chooseOf(seen, 'charge_block', 'olga'),
      desk.chooseOf(seen, 'charge_counts', 'otto', { counts }),
    ]);
    expect(outcomes.toSorted()).toEqual([['TokensCharged'], 'item_settled']);
    expect(await desk.choose('c', 'charge_block')).toBe('item_settled');
  });

  it('is dismissed by one person, and comes back when usage comes after all', async () => {
    await desk.unknown('c', BLOCK);
    const seen = await desk.item('c');
    expect(await doesWhatItSays('c', 'dismiss')).toEqual(['QueueItemDismissed']);
    expect(await desk.chooseOf(seen, 'dismiss', 'otto')).toBe('item_settled');
    expect(await kinds()).toEqual([]);
    const dismissed = { id: 'c', open: false, dismissed: { by: 'olga' } };
    expect(await desk.item('c')).toMatchObject(dismissed);
    expect(await desk.items({ status: 'dismissed' })).toMatchObject([dismissed]);
    expect(await desk.items({ status: 'dismissed', accountId: 'acc1' })).toEqual([]);
    await desk.charge('c', '0.01');
    expect(await kinds()).toEqual(['late_charge c']);
    expect(await desk.items({ status: 'dismissed' })).toEqual([]);
  });
});

describe('a correction that is proposed by hand', () => {
  const propose = (itemId: string, amount: string, servedAt?: number) =>
    desk.hands.run(async ({ decisions }) => {
      const about = { itemId, kind: 'proposed_adjustment', accountId: 'acc0', amount: usd(amount), servedAt };
      await decisions.execute({ type: 'ProposeCredit', ...about, by: 'olga', reason: 'ticket 17' });
    });

  it.each([
    ['1.00', '6.00'],
    ['-1.00', '4.00'],
    ['-7.00', '-2.00'],
  ])('of %s is approved by somebody else, as it was said before', async (amount, after) => {
    await propose('a', amount);
    expect(await kinds()).toEqual(['proposed_adjustment a']);
    expect(await desk.choose('a', 'approve', 'olga')).toBe('second_person_needed');
    expect(await doesWhatItSays('a', 'approve', 'otto')).toEqual(['QueueCreditApproved', 'BalanceAdjusted']);
    expect(await desk.balance()).toBe(after);
    expect(await kinds()).toEqual([]);
    expect(await desk.item('a')).toMatchObject({ open: false, credit: { by: 'olga', approvedBy: 'otto' } });
  });

  it.each([
    ['1.00', Date.parse('2026-02-27'), '2026-02-27T00:00:00.000Z'],
    ['-1.00', Date.parse('2026-02-27'), '2026-02-27T00:00:00.000Z'],
    ['-1.00', undefined, undefined],
  ])('of %s is for %s, as its maker said', async (amount, servedAt, instant) => {
    await propose('a', amount, servedAt);
    const { known, facts } = await desk.item('a');
    expect(facts['service_date']).toBe(instant);
    expect(known.includes('for 2026-02-27T00:00:00.000Z')).toBe(instant !== undefined);
    await desk.choose('a', 'approve', 'otto');
    const [adjusted] = (await desk.store.readStream('account-acc0', 0, 100)).slice(-1);
    expect(adjusted?.type).toBe('BalanceAdjusted');
    expect(adjusted?.data['servedAt']).toBe(instant);
  });

  it('changes nothing when it is declined, and waits no longer', async () => {
    await propose('a', '1.00');
    expect(await desk.choose('a', 'decline', 'olga')).toEqual(['QueueCreditDeclined']);
    expect(await kinds()).toEqual([]);
    expect(await desk.choose('a', 'approve', 'otto')).toBe('item_settled');
    expect(await desk.balance()).toBe('5.00');
  });
});

describe('a charge beyond its hold', () => {
  beforeEach(async () => {
    await desk.hold('c');
    await desk.charge('c', '0.25');
  });

  it('is given back by two people, as it was said before', async () => {
    expect(await kinds()).toEqual(['overage c']);
    const effect = await desk.effect('c', 'credit');
    expect(effect.events.map(({ type }) => type)).toEqual([
      'QueueCreditProposed',
      'QueueCreditApproved',
      'BalanceAdjusted',
    ]);
    expect(sentenceOf(effect)).toBe('The balance goes from $4.75 to $4.90.');
    expect(await desk.choose('c', 'credit', 'olga')).toEqual(['QueueCreditProposed']);
    expect(await desk.balance()).toBe('4.75');
    expect(await desk.item('c')).toMatchObject({ open: true, credit: { amount: '0.15', by: 'olga' } });
    expect(await desk.offered('c')).toEqual(['approve', 'decline']);
    expect(await desk.choose('c', 'approve', 'olga')).toBe('second_person_needed');
    expect(await doesWhatItSays('c', 'approve', 'otto')).toEqual(['QueueCreditApproved', 'BalanceAdjusted']);
    expect(await desk.balance()).toBe('4.90');
    const [adjusted] = (await desk.store.readStream('account-acc0', 0, 100)).slice(-1);
    expect(adjusted?.data).toMatchObject({ requestedBy: 'olga', approvedBy: 'otto', reference: 'queue-c' });
    expect(await kinds()).toEqual([]);
  });

  it('is proposed by one of two people, and not for more than it cost', async () => {
    expect(await desk.choose('c', 'credit', 'olga', { amount: usd('0.26') })).toBe('invalid_amount');
    const seen = await desk.item('c');
    const outcomes = await Promise.all([
      desk.chooseOf(seen, 'credit', 'olga'),
      desk.chooseOf(seen, 'credit', 'otto', { amount: usd('0.10') }),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'credit_proposed')).toHaveLength(1);
  });

  it('waits again when the proposal is declined', async () => {
    await desk.choose('c', 'credit', 'olga');
    expect(await desk.choose('c', 'decline', 'otto')).toEqual(['QueueCreditDeclined']);
    expect(await desk.offered('c')).toEqual(['credit', 'dismiss']);
  });
});

it('a hold past its expiry is released in the name of a person, once', async () => {
  await desk.hold('c', { amount: '4.00' });
  expect(await kinds()).toEqual([]);
  desk.clock.pass(11 * 60_000);
  expect(await kinds()).toEqual(['expired_hold c']);
  const effect = await desk.effect('c', 'release');
  expect(sentenceOf(effect)).toBe('What new calls can use goes from $1.00 to $5.00.');
  const seen = await desk.item('c');
  expect(await desk.chooseOf(seen, 'release')).toEqual(['HoldReleased']);
  expect(await desk.chooseOf(seen, 'release', 'otto')).toBe('item_settled');
  expect(await kinds()).toEqual([]);
});

describe('a page', () => {
  it('goes through all kinds, each item once, at any size, though items leave the queue meanwhile', async () => {
    for (const id of ['u1', 'u2', 'u3']) await desk.unknown(id, BLOCK);
    await desk.unknown('other', BLOCK, 'acc1');
    for (const id of ['o1', 'o2']) {
      await desk.hold(id);
      await desk.charge(id, '0.25');
    }
    const all = (await desk.items()).map(({ id }) => id);
    expect(all).toEqual(['u1', 'u2', 'u3', 'other', 'o1', 'o2']);
    for (const limit of [1, 2, 3, 4, 5, 6]) {
      const seen: string[] = [];
      for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
        const page = await desk.queue.page({}, limit, cursor);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      }
      expect(seen).toEqual(all);
    }
    const first = await desk.queue.page({ kind: 'usage_unknown' }, 2);
    await desk.choose('u2', 'dismiss');
    await desk.project();
    const second = await desk.queue.page({ kind: 'usage_unknown' }, 2, first.next);
    expect(second.items.map(({ id }) => id)).toEqual(['u3', 'other']);
    expect(second.next).toBeUndefined();
  });

  it('is of a kind, and of an account', async () => {
    await desk.unknown('mine', BLOCK);
    await desk.unknown('other', BLOCK, 'acc1');
    const ids = async (filter: object) => (await desk.items(filter)).map(({ id }) => id);
    expect(await ids({ accountId: 'acc1' })).toEqual(['other']);
    expect(await ids({ accountId: 'acc1', kind: 'overage' })).toEqual([]);
    expect(await desk.queue.counts('acc1')).toMatchObject({ usage_unknown: 1, overage: 0 });
    expect(Object.keys(await desk.queue.counts())).toEqual([...QUEUE_KINDS]);
  });

  it('refuses a cursor that is none', async () => {
    for (const cursor of ['x', Buffer.from('["usage_unknown"]').toString('base64url')])
      await expect(desk.queue.page({}, 1, cursor)).rejects.toThrow('next_cursor');
  });
});

it('an adjustment that happens to have such a reference stops nothing', async () => {
  const grounds = { reason: 'goodwill', requestedBy: 'ada', approvedBy: 'bob', reference: 'queue-unheard' };
  const expiresAt = desk.clock.now() + DAY_MS;
  await desk.tell('acc0', { type: 'AdjustBalance', adjustmentId: 'a', amount: usd('1'), expiresAt, ...grounds });
  expect(await kinds()).toEqual([]);
});

it('a read model that has stopped is made again in the name of a person; its preview starts nothing', async () => {
  const status = {
    name: 'charges-4',
    state: 'stopped',
    position: 7,
    head: 9,
    lagSeconds: 1,
    done: 0,
    release: '1',
    inUse: true,
  } as const;
  const item = itemOf('stopped_view', status);
  const [choice] = desk.choices.of(item);
  expect(choice && (await desk.choices.effect(choice, 'olga', {}))?.events).toEqual([
    { stream: 'queue-charges-4', type: 'QueueChoiceMade' },
  ]);
  expect(desk.rebuilt).toEqual([]);
  expect(await desk.chooseOf(item, 'rebuild')).toEqual(['QueueChoiceMade']);
  expect(desk.rebuilt).toEqual(['charges-4 by olga']);
});

it('a choice that can’t be tried without Stripe’s account says so', () => {
  expect(sentenceOf(refusedEffect(new ConfigurationError('STRIPE_SECRET_KEY is not set.')))).toBe(
    'It can’t be done now: STRIPE_SECRET_KEY is not set.',
  );
  expect(() => refusedEffect(new Error('a bug'))).toThrow('a bug');
});

it('a choice that moves no money says so, also where an account records it', () => {
  const still = { before: '1.00', after: '1.00' };
  const effect = { events: [], postings: [], balances: [{ accountId: 'acc0', balance: still, available: still }] };
  expect(sentenceOf(effect)).toBe('No balance changes.');
});

it('what is known of a call ends with one full stop', async () => {
  for (const [chargeId, detail] of Object.entries({ c: 'The provider reported no usage.', d: undefined })) {
    await desk.hold(chargeId);
    await desk.tell('acc0', { type: 'ReleaseHold', chargeId, reason: 'usage_unknown', detail });
  }
  expect((await desk.item('c')).known).toMatch(/nothing was charged: The provider reported no usage\.$/);
  expect((await desk.item('d')).known).toMatch(/nothing was charged: its usage is unknown\.$/);
});

it('an item that nobody knows is not found', async () => {
  await expect(desk.item('unheard')).rejects.toThrow('Nothing waits');
});
