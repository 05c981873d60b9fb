// Payouts of our Stripe balance to our bank, stream `payout-<payoutId>`. Invariant: a payout is booked once and reversed at most once. Pure.
import { z } from 'zod';
import { currency, type EventOf, id, instant, minor } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';
import { type Decider, toInstant } from '../../kernel/index.js';
import type { PayoutReport } from '../provider/payment.js';

const payoutId = id('Stripe’s payout');
const at = instant('when we learned of it; never earlier than the event before');

export const payoutEventSchemas = {
  PayoutPaid: z
    .strictObject({
      payoutId,
      currency: currency('in which it was paid'),
      amountMinor: minor('what the bank received; negative when Stripe took it from there'),
      feeMinor: minor('what Stripe keeps for it'),
      createdAt: instant('when it left our balance at Stripe').optional(),
      at,
    })
    .describe('Stripe paid a part of our balance there to our bank.'),
  PayoutFailed: z
    .strictObject({
      payoutId,
      currency: currency('of the payout'),
      amountMinor: minor('what came back to the balance at Stripe; zero when it had not left'),
      createdAt: instant('when it came back to our balance at Stripe').optional(),
      at,
    })
    .describe('A payout did not reach the bank.'),
};

type Schemas = typeof payoutEventSchemas;
type PayoutEventType = keyof Schemas;
export type PayoutEventData<T extends PayoutEventType> = z.infer<Schemas[T]>;
export type PayoutEvent = EventOf<Schemas>;

export interface ReportPayout extends PayoutReport {
  readonly type: 'ReportPayout';
  readonly commandId: string;
  readonly at: number;
}

export interface PayoutState {
  readonly status: 'paid' | 'failed' | undefined;
  readonly lastAt: number;
}

export const payout: Decider<PayoutState, ReportPayout, PayoutEvent> = {
  initial: () => ({ status: undefined, lastAt: 0 }),
  decide(report, { status, lastAt }) {
    const { payoutId: payoutIdOf, currency: code, amountMinor, feeMinor } = report;
    const data = { payoutId: payoutIdOf, currency: code, at: toInstant(Math.max(report.at, lastAt)) };
    if (report.status === 'paid' && status === undefined) {
      return [{ type: 'PayoutPaid', data: { ...data, amountMinor, feeMinor, ...made(report.createdAt) } }];
    }
    if (report.status !== 'failed' || status === 'failed') return [];
    const returned = { amountMinor: status === 'paid' ? amountMinor : 0, ...made(report.returnedAt) };
    return [{ type: 'PayoutFailed', data: { ...data, ...returned } }];
  },
  evolve(state, { type, data }) {
    if (state.status === 'failed' || (state.status === 'paid' && type === 'PayoutPaid')) {
      throw new Error(`impossible history: ${type} of a payout that is ${state.status}`);
    }
    return { status: type === 'PayoutPaid' ? 'paid' : 'failed', lastAt: Date.parse(data.at) };
  },
};

const made = (createdAt: number | undefined): { createdAt?: string } =>
  createdAt === undefined ? {} : { createdAt: toInstant(createdAt) };

const STREAM_PREFIX = 'payout-';

export const payoutStream = (payoutIdOf: string): string => `${STREAM_PREFIX}${payoutIdOf}`;

/** The payout of a stream; undefined for a stream of another kind. */
export const payoutOfStream = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const payoutUpcasters: Upcasters = {};

/** A recorded event of a payout in its present shape. */
export const readPayoutEvent = (recorded: RecordedEvent) => readEvent(payoutUpcasters, recorded) as PayoutEvent;
