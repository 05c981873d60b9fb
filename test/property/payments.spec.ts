// Whatever order the notices of a payment provider come in, however many come twice or never: once all payments have been asked about, the
// ledger is the same. And a crash at any step is mended by the next look.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromCents } from '../../src/kernel/index.js';
import { CHART } from '../../src/ledger/index.js';
import type { PaymentHint } from '../../src/payments/index.js';
import { TOPUPS, World } from '../support/payments/payment-world.js';
import type { ProviderModel } from '../support/payments/provider-model.js';

type Step = (world: World) => void | Promise<void>;

const runs = { numRuns: 200 };
const which = fc.nat(TOPUPS - 1);
const percent = fc.integer({ min: 1, max: 100 });

/** Something that happens at the provider to the payment of a session. */
const happens =
  (index: number, act: (provider: ProviderModel, session: string) => void): Step =>
  ({ provider, sessions }) =>
    act(provider, sessions[index] ?? '');

const payments = [
  which.map((index) => happens(index, (provider, session) => provider.pay(session, 'paid'))),
  fc
    .record({ index: which, status: fc.constantFrom('pending' as const, 'failed' as const, 'expired' as const) })
    .map(({ index, status }) => happens(index, (provider, session) => provider.pay(session, status))),
  fc
    .record({ index: which, amount: fc.integer({ min: 1, max: 9_000 }) })
    .map(({ index, amount }) => happens(index, (provider, session) => provider.pay(session, 'paid', amount))),
  which.map((index) => happens(index, (provider, session) => provider.settle(session))),
  fc.boolean().map(
    (late): Step =>
      ({ provider }) =>
        void (provider.late = late),
  ),
  fc.integer({ min: 12, max: 16 }).map(
    (rate): Step =>
      ({ provider }) =>
        void (provider.rate = rate),
  ),
  fc.constantFrom('pending' as const, 'paid' as const, 'failed' as const).map(
    (status): Step =>
      ({ provider }) =>
        provider.payOut(500, status),
  ),
];

const troubles = [
  fc
    .record({ index: which, amount: fc.integer({ min: 1, max: 8_000 }) })
    .map(({ index, amount }) => happens(index, (provider, session) => provider.refundOutside(session, amount))),
  fc
    .record({ index: which, status: fc.constantFrom('succeeded' as const, 'failed' as const) })
    .map(({ index, status }) => happens(index, (provider, session) => provider.endRefund(session, status))),
  fc
    .record({ index: which, inquiry: fc.boolean(), part: percent })
    .map(({ index, inquiry, part }) => happens(index, (provider, session) => provider.dispute(session, inquiry, part))),
  fc
    .record({ index: which, won: fc.boolean(), part: percent })
    .map(({ index, won, part }) => happens(index, (provider, session) => provider.endDispute(session, won, part))),
  which.map((index) => happens(index, (provider, session) => provider.warn(session))),
];

const happenings = fc.oneof(...payments, ...troubles);

/** What comes of the notices: so many, picked by these numbers, so some twice and some never. */
const delivery = fc.record({ picks: fc.infiniteStream(fc.nat(1_000)), share: fc.integer({ min: 0, max: 150 }) });
interface Delivery {
  readonly picks: Iterator<number>;
  readonly share: number;
}

function* delivered(hints: readonly PaymentHint[], { picks, share }: Delivery): Generator<PaymentHint> {
  for (let count = Math.trunc((hints.length * share) / 100); count > 0; count--) {
    const hint = hints[(picks.next().value as number) % hints.length];
    if (hint !== undefined) yield hint;
  }
}

/** The same happens in two worlds: one looks at once each time, the other goes by what reaches it. */
async function inBoth(steps: readonly Step[], lost: Delivery): Promise<readonly [World, World]> {
  const [prompt, sloppy] = await Promise.all([new World().open(), new World().open()]);
  for (const step of steps) {
    await step(prompt);
    await prompt.recover();
    await step(sloppy);
    for (const hint of delivered(sloppy.provider.hints.slice(-4), lost)) await sloppy.sync.follow(hint);
  }
  for (const hint of delivered(sloppy.provider.hints, lost)) await sloppy.sync.follow(hint);
  await Promise.all([prompt.end(), sloppy.end()]);
  return [prompt, sloppy];
}

/** How credit and debt share a balance depends on what came first; the balance, and all that is Stripe’s, does not. */
const SETTLED = [
  CHART.stripeBalance,
  CHART.stripeFees,
  CHART.exchange,
  CHART.bank,
  CHART.customerRefunds,
  CHART.unmatchedPayments,
];

it('any order, repetition and loss of notices ends in the same ledger, and nothing is left to clear', () =>
  fc.assert(
    fc.asyncProperty(fc.array(happenings, { maxLength: 25 }), delivery, async (steps, lost) => {
      const [prompt, sloppy] = await inBoth(steps, lost);
      const [first, second] = [await prompt.books(), await sloppy.books()];
      expect(second.balances).toEqual(first.balances);
      expect(SETTLED.map(second.of)).toEqual(SETTLED.map(first.of));
      expect([first.of(CHART.stripeClearing), second.of(CHART.stripeClearing)]).toEqual([0n, 0n]);
      expect([await prompt.faults(), await sloppy.faults()]).toEqual([[], []]);
    }),
    runs,
  ));

/** A refund that a customer asks for and that is approved and sent, as far as the ledger lets it. */
const refund = fc.record({ index: which, cents: fc.bigInt(1n, 1_000n), id: fc.uuid() }).map(
  ({ index, cents, id }): Step =>
    (world) =>
      world.refund(index, fromCents(cents), id),
);

/** People may be wrong about a refund: Stripe may have paid it, or pay it yet. */
const failsByHand = which.map(
  (index): Step =>
    (world) =>
      world.failByHand(index),
);

it('a crash at any step is mended by the next look, refunds of ours and their ends by hand included', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(happenings, refund, failsByHand), { maxLength: 20 }),
      fc.array(fc.integer({ min: 2, max: 13 }), { minLength: 20, maxLength: 20 }),
      async (steps, deaths) => {
        const world = await new World().open();
        for (const [index, step] of steps.entries()) {
          world.store.dieIn = (deaths[index] ?? 2) / 2;
          await Promise.resolve(step(world)).catch(() => undefined);
          await world.recover().catch(() => undefined);
        }
        world.store.dieIn = Number.POSITIVE_INFINITY;
        await world.end();
        await world.sendApproved();
        await world.end();
        const { of } = await world.books();
        expect(-of(CHART.customerRefunds)).toBe(await world.askedFor());
        expect(of(CHART.stripeClearing)).toBe(0n);
        expect(await world.strayed()).toEqual([]);
        expect(await world.faults()).toEqual([]);
      },
    ),
    { numRuns: 600 },
  ));
