// Random histories of an account: steps that become commands as they are played, so that they can refer to what is there by then.
import * as fc from 'fast-check';
import { formatUsd, max, picoUsd } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import { type KeySettings, RERATING_POLICIES, type ReratingPolicy } from '../../../src/ledger/account.events.js';
import { endOfRefund, FAILURES, refundEnd } from './model-refund-ends.js';
import { isForgotten } from './model-keys.js';
import type { AccountModel } from './account-model.js';
import {
  adjust,
  approveRefund,
  close,
  completeRefund,
  DAY,
  expireCredit,
  failRefund,
  grant,
  HOUR,
  issueKey,
  MINUTE,
  performance,
  placeHold,
  purchase,
  recordDispute,
  recordRefund,
  reinstate,
  reissueKey,
  release,
  requestRefund,
  revokeKey,
  SECOND,
  settle,
  suspend,
  changeKey,
  updateKey,
} from './commands.js';
import { rerate } from './rerating-commands.js';

/** What may happen in a history beside the ordinary. */
export interface Mischief {
  /** Charges beyond their hold. */
  readonly overage?: boolean;
  readonly adjustments?: boolean;
  /** Lots that expire. */
  readonly expiry?: boolean;
  /** Charges after the hold was released. */
  readonly late?: boolean;
  /** Money taken back without asking us: disputes, and refunds made elsewhere. */
  readonly clawbacks?: boolean;
  /** Charges that are priced again. */
  readonly reratings?: boolean;
  /** Accounts that are closed. */
  readonly closing?: boolean;
  /** Clocks that are ahead, by days or more. */
  readonly jumps?: boolean;
}

export const anything: Mischief = {
  overage: true,
  adjustments: true,
  expiry: true,
  late: true,
  clawbacks: true,
  closing: true,
  reratings: true,
  jumps: true,
};

export interface Step {
  readonly waitMs: number;
  /** By how much the clock of the gateway is behind; ahead, when negative. */
  readonly behindMs: number;
  readonly act: (past: Past) => AccountCommand | undefined;
}

/** What a step can refer to. */
interface Past {
  readonly at: number;
  readonly model: AccountModel;
  /** Commands that emitted events. */
  readonly executed: readonly AccountCommand[];
  /** A number that was not used before. */
  readonly fresh: number;
}

const amount = fc.oneof(
  fc.bigInt({ min: 1n, max: 2_000_000_000_000n }),
  fc.constantFrom(1n, 10_000_000_000n, 500_000_000_000n, 1_000_000_000_000n),
);
const dollars = (pico: bigint): string => formatUsd(picoUsd(pico));
const keyId = fc.constantFrom('k0', 'k0', 'k0', 'k1', 'k1', 'k2', 'k3', 'k4');
const budget = fc.option(fc.constantFrom('0.50', '1.00', '3.000000000001'), { nil: undefined, freq: 3 });
const settings: fc.Arbitrary<KeySettings> = fc
  .record({
    budgetDaily: budget,
    budgetWeekly: budget,
    budgetMonthly: budget,
    budgetTotal: budget,
    parallelRequests: fc.option(fc.constantFrom(1, 2), { nil: undefined, freq: 3 }),
    expiresAt: fc.option(fc.constantFrom('2026-03-04T13:00:00.000Z', '2026-04-01T00:00:00.000Z'), {
      nil: undefined,
      freq: 6,
    }),
  })
  .map((set) => ({
    name: 'key',
    ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
  }));

const pick = <T>(items: readonly T[], index: number): T | undefined => items[index % Math.max(1, items.length)];
const index = fc.nat({ max: 1_000 });

type Act = Step['act'];
const act = <T>(
  values: fc.Arbitrary<T>,
  make: (value: T, past: Past) => AccountCommand | undefined,
): fc.Arbitrary<Act> => values.map((value) => (past) => make(value, past));

function acts({
  overage,
  adjustments,
  expiry,
  late,
  clawbacks,
  closing,
  reratings,
}: Mischief): fc.WeightedArbitrary<Act>[] {
  const lifetime = expiry ? fc.constantFrom(MINUTE, HOUR, HOUR, 9 * HOUR, DAY, 30 * DAY) : fc.constant(100_000 * DAY);
  const lot = fc.record({ amount, lifetime, again: fc.boolean(), index });
  const terms = (
    {
      amount: pico,
      lifetime: ms,
      again,
      index: i,
    }: { amount: bigint; lifetime: number; again: boolean; index: number },
    { at, model, fresh }: Past,
  ) =>
    [
      (again && i % 4 === 0 && pick(model.lots, i)?.id) || `lot-${fresh}`,
      dollars(pico),
      { at, expiresAt: at + ms },
    ] as const;
  // Mostly one that is under way, at times one that is not any more.
  const call = ({ model }: Past, i: number) => {
    const open = i % 4 === 0 ? [] : [...model.calls].filter(([, { status }]) => status === 'held');
    return (
      pick(open, i) ??
      pick(
        [...model.calls].filter(([, { status }]) => late || status !== 'released'),
        i,
      )
    );
  };
  return [
    { weight: 4, arbitrary: act(lot, (value, past) => purchase(...terms(value, past))) },
    { weight: 2, arbitrary: act(lot, (value, past) => grant(...terms(value, past))) },
    {
      weight: 10,
      arbitrary: act(fc.record({ amount, keyId }), (v, { at, fresh }) =>
        placeHold(`c-${fresh}`, dollars(v.amount), { at, keyId: v.keyId }),
      ),
    },
    {
      // Half of what there is, or a least amount.
      weight: 4,
      arbitrary: act(fc.record({ amount, keyId }), (v, { at, fresh }) =>
        placeHold(`c-${fresh}`, (room) => max(picoUsd(room / 2n), picoUsd(v.amount)), { at, keyId: v.keyId }),
      ),
    },
    {
      weight: 10,
      arbitrary: act(fc.record({ index, percent: fc.bigInt({ min: 0n, max: overage ? 180n : 100n }) }), (v, past) =>
        settleCall(call(past, v.index), v.percent, past.at),
      ),
    },
    {
      weight: 4,
      arbitrary: act(index, (i, past) => {
        const found = call(past, i);
        return found && release(found[0], { at: past.at });
      }),
    },
    { weight: 3, arbitrary: act(fc.constant(0), (_, { at }) => expireCredit({ at })) },
    {
      weight: adjustments ? 2 : 0,
      arbitrary: act(fc.record({ amount, up: fc.boolean(), lifetime }), (v, { at, fresh }) =>
        adjust(`a-${fresh}`, dollars(v.up ? v.amount : -v.amount), { at, expiresAt: at + v.lifetime }),
      ),
    },
    { weight: 3, arbitrary: act(fc.record({ index, percent: fc.bigInt({ min: 0n, max: 110n }) }), askForRefund) },
    { weight: 3, arbitrary: act(fc.record({ index, kind: fc.nat({ max: 5 }) }), decideOnRefund) },
    { weight: 3, arbitrary: act(refundEnd, (v, { at, model }) => endOfRefund(v, model, at)) },
    { weight: clawbacks ? 1 : 0, arbitrary: act(fc.record({ index, amount }), refundElsewhere) },
    { weight: clawbacks ? 4 : 0, arbitrary: act(dispute, reportDispute) },
    { weight: reratings ? 4 : 0, arbitrary: act(rerating, rerateCall) },
    {
      weight: closing ? 1 : 0,
      arbitrary: act(fc.nat({ max: 9 }), (i, { at }) => (i === 0 ? close({ at }) : undefined)),
    },
    {
      weight: 1,
      arbitrary: act(fc.record({ keyId, settings }), (v, past) =>
        isForgotten(v.keyId, past) ? undefined : issueKey(v.keyId, v.settings, { at: past.at }),
      ),
    },
    {
      weight: 1,
      arbitrary: act(fc.record({ keyId, settings, all: fc.boolean() }), (v, { at }) =>
        v.all ? updateKey(v.keyId, v.settings, { at }) : changeKey(v.keyId, v.settings, { at }),
      ),
    },
    { weight: 1, arbitrary: act(fc.constantFrom('k1', 'k2', 'k3'), (id, { at }) => revokeKey(id, { at })) },
    {
      weight: 2,
      arbitrary: act(fc.tuple(keyId, fc.constantFrom('k2', 'k3', 'k4')), ([from, to], past) =>
        isForgotten(to, past) ? undefined : reissueKey(from, to, { at: past.at }),
      ),
    },
    { weight: 1, arbitrary: act(fc.boolean(), (on, { at }) => (on ? suspend({ at }) : reinstate({ at }))) },
    { weight: 1, arbitrary: act(fc.constant(0), (_, { at }) => reinstate({ at })) },
    { weight: 4, arbitrary: act(index, (i, { executed }) => pick(executed, i)) },
  ];
}

const askForRefund = (v: { index: number; percent: bigint }, { at, model, fresh }: Past) => {
  const lot = pick(model.lots, v.index);
  return lot && requestRefund(`r-${fresh}`, lot.id, dollars((lot.left * v.percent) / 100n), { at });
};

const refundElsewhere = (v: { index: number; amount: bigint }, { at, model, fresh }: Past) => {
  const lot = pick(model.lots, v.index);
  return lot && recordRefund(`r-${fresh}`, lot.id, dollars(v.amount), { at });
};

const decideOnRefund = (v: { index: number; kind: number }, { at, model }: Past) => {
  const id = pick([...model.refunds.keys()], v.index);
  if (id === undefined) return undefined;
  if (v.kind < 2) return approveRefund(id, `user-${v.kind + 1}`, { at });
  return v.kind === 2 ? completeRefund(id, { at }) : failRefund(id, { at, reason: FAILURES[v.kind - 3] });
};

const rerating = fc.record({
  index,
  percent: fc.bigInt({ min: 0n, max: 250n }),
  policy: fc.constantFrom(...RERATING_POLICIES),
  late: fc.constantFrom(0, 0, 0, 0, 1),
});

const rerateCall = (
  v: { index: number; percent: bigint; policy: ReratingPolicy; late: number },
  { at, model, fresh }: Past,
) => {
  const [chargeId, call] =
    pick(
      [...model.calls].filter(([, { status }]) => status === 'charged'),
      v.index,
    ) ?? [];
  if (chargeId === undefined || call === undefined) return undefined;
  const slices = call.taken.flatMap(({ lot, amount: part }) => (lot ? [{ lotId: lot.id, amount: dollars(part) }] : []));
  const debt = call.taken.flatMap(({ lot, amount: part }) => (lot ? [] : [part]));
  return rerate(chargeId, dollars((call.cost * v.percent) / 100n), {
    at,
    runId: `run-${fresh}`,
    cost: dollars(call.cost),
    slices,
    uncovered: dollars(debt.reduce((sum, part) => sum + part, 0n)),
    seen: model.reratings + v.late,
    policy: v.policy,
  });
};

const dispute = fc.record({
  index,
  again: fc.boolean(),
  inquiry: fc.boolean(),
  withdrawn: fc.bigInt({ min: 0n, max: 105n }),
  reinstated: fc.bigInt({ min: 0n, max: 105n }),
  outcome: fc.option(fc.constantFrom('won', 'lost', 'inquiry_closed'), { nil: undefined, freq: 2 }),
});

const reportDispute = (v: typeof dispute extends fc.Arbitrary<infer T> ? T : never, { at, model, fresh }: Past) => {
  const known = v.again ? pick([...model.disputes.keys()], v.index) : undefined;
  const disputeId = known ?? `d-${fresh % 3}-${v.index % Math.max(1, model.lots.length)}`;
  const lot = model.lots[Number(disputeId.split('-')[2])];
  if (lot === undefined) return undefined;
  const part = (percent: bigint) => dollars((lot.amount * percent) / 100n);
  const { inquiry, outcome } = v;
  const totals = { withdrawn: part(v.withdrawn), reinstated: part((v.withdrawn * v.reinstated) / 100n) };
  return recordDispute(disputeId, lot.id, { at, inquiry, ...totals, ...(outcome !== undefined && { outcome }) });
};

function settleCall(
  call: [string, { hold: bigint }] | undefined,
  percent: bigint,
  at: number,
): AccountCommand | undefined {
  if (call === undefined) return undefined;
  const cost = picoUsd((call[1].hold * percent) / 100n);
  return { ...settle(call[0], '0', { at }), ...performance(cost, picoUsd(cost / 2n)) };
}

export const histories = (mischief: Mischief): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      waitMs: fc.constantFrom(
        0,
        0,
        0,
        0,
        1,
        SECOND,
        MINUTE,
        MINUTE,
        5 * MINUTE - 1,
        6 * MINUTE,
        HOUR,
        HOUR,
        DAY,
        8 * DAY,
      ),
      behindMs: fc.constantFrom(
        ...Array.from({ length: 14 }, () => 0),
        SECOND,
        4 * MINUTE,
        10 * MINUTE,
        ...(mischief.jumps ? [-HOUR, -2 * DAY, -400 * DAY] : []),
      ),
      act: fc.oneof(...acts(mischief).filter(({ weight }) => weight > 0)),
    }),
    { minLength: 10, maxLength: 80, size: 'max' },
  );
