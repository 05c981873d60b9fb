// Given/when/then for the decider of top-ups, and its commands with everything that a test does not care about filled in.
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { Rejection, toInstant, usd } from '../../../src/kernel/index.js';
import type { TopupCommand } from '../../../src/payments/topups/topup.commands.js';
import { type TopupEvent, topupEventSchemas } from '../../../src/payments/topups/topup.events.js';
import type { TopupState } from '../../../src/payments/topups/topup.state.js';
import { topup } from '../../../src/payments/topups/topup.js';

export const NOON = Date.parse('2026-03-02T12:00:00.000Z');

type Command<T extends TopupCommand['type']> = Extract<TopupCommand, { type: T }>;
type Given<T extends TopupCommand['type']> = Partial<Omit<Command<T>, 'type'>>;

const base = { commandId: 'test', at: NOON };

/** Fen for a cent of credit. */
export const YUAN = { numerator: 721, denominator: 100, source: 'configured', expiresAt: toInstant(NOON + 3_600_000) };

export const order = (more: Given<'OrderTopup'> = {}): TopupCommand => ({
  ...base,
  type: 'OrderTopup',
  topupId: 'top',
  accountId: 'acc',
  credit: usd('10'),
  currency: 'usd',
  priceMinor: 1_000,
  expiresAt: NOON + 3_600_000,
  ...more,
});

export const orderInYuan = (more: Given<'OrderTopup'> = {}): TopupCommand =>
  order({ currency: 'cny', priceMinor: 7_210, quote: YUAN, ...more });

export const open = (sessionId = 'cs_1'): TopupCommand => ({ ...base, type: 'OpenCheckout', sessionId });

export const cancel = (by = 'user-1'): TopupCommand => ({ ...base, type: 'RequestCancel', by });

export const report = (more: Given<'ReportPayment'> = {}): TopupCommand => ({
  ...base,
  type: 'ReportPayment',
  status: 'paid',
  orderId: 'top',
  paymentIntentId: 'pi_1',
  amountMinor: 1_000,
  currency: 'usd',
  ...more,
});

export const reportYuan = (): TopupCommand => report({ currency: 'cny', amountMinor: 7_210 });

export const orderRefund = (refundId: string, credit: string): TopupCommand => ({
  ...base,
  type: 'OrderRefund',
  refundId,
  credit: usd(credit),
});

export const recordRefund = (stripeRefundId: string, amountMinor: number): TopupCommand => ({
  ...base,
  type: 'RecordRefund',
  stripeRefundId,
  amountMinor,
});

export const reportRefund = (refundId: string, more: Given<'ReportRefund'> = {}): TopupCommand => ({
  ...base,
  type: 'ReportRefund',
  refundId,
  stripeRefundId: `re_${refundId}`,
  status: 'succeeded',
  ...more,
});

export const book = (balanceTransactionId: string, more: Given<'BookBalanceTransaction'> = {}): TopupCommand => ({
  ...base,
  type: 'BookBalanceTransaction',
  balanceTransactionId,
  source: 'payment',
  currency: 'usd',
  amountMinor: 1_000,
  feeMinor: 59,
  clears: usd('10'),
  ...more,
});

export const warn = (): TopupCommand => ({
  ...base,
  type: 'WarnOfFraud',
  warningId: 'issfr_1',
  paymentIntentId: 'pi_1',
  fraudType: 'made_with_stolen_card',
});

/** What an event must carry; a field that is `undefined` must be absent. */
interface Expected {
  readonly type: TopupEvent['type'];
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Decides a command, checks that deciding changed nothing, and folds what was decided. */
export function run(state: TopupState, command: TopupCommand) {
  const before = structuredClone(state);
  const outcome = topup.decide(command, state);
  expect(isDeepStrictEqual(state, before), `${command.type} is decided without changing the state`).toBe(true);
  if (outcome instanceof Rejection) return { state, outcome };
  for (const { type, data } of outcome) expect(topupEventSchemas[type].parse(data)).toEqual(data);
  return { state: outcome.reduce((folded, event) => topup.evolve(folded, event), state), outcome };
}

function happen(state: TopupState, command: TopupCommand): TopupState {
  const { state: next, outcome } = run(state, command);
  if (outcome instanceof Rejection) throw new Error(`given: ${command.type} is refused: ${outcome.message}`);
  return next;
}

export const given = (...past: readonly TopupCommand[]) => {
  const before = past.reduce(happen, topup.initial());
  return {
    state: before,
    when(command: TopupCommand) {
      const { outcome, state } = run(before, command);
      return {
        outcome,
        state,
        emits: (...expected: readonly Expected[]) => expectEvents(outcome, expected),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => {
          expect(outcome).toBeInstanceOf(Rejection);
          expect((outcome as Rejection).code).toBe(code);
          expect((outcome as Rejection).message).toMatch(/^[A-Z].*\.$/);
        },
      };
    },
  };
};

function expectEvents(outcome: readonly TopupEvent[] | Rejection, expected: readonly Expected[]): void {
  const events = outcome instanceof Rejection ? `refused: ${outcome.code}` : outcome.map(({ type }) => type);
  expect(events).toEqual(expected.map(({ type }) => type));
  for (const [index, { type, data }] of (outcome as readonly TopupEvent[]).entries()) {
    for (const [field, value] of Object.entries(expected[index]?.data ?? {})) {
      expect((data as Readonly<Record<string, unknown>>)[field], `${type}.${field}`).toEqual(value);
    }
  }
}
