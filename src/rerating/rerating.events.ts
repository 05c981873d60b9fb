// The events of a re-rating run, stream `rerating-<runId>`: what was proposed, who decided, and how far it is. What it books are the
// `ChargeRerated` of the accounts. They are contracts: a change of shape needs a version and an upcaster.
import { z } from 'zod';
import { count, type EventOf, id, instant, recordedAt as at, text, usd } from '../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../event-store/index.js';
import { RERATING_POLICIES } from '../ledger/index.js';

export const reratingEventSchemas = {
  ReratingProposed: z
    .strictObject({
      from: instant('calls that were priced from this instant on'),
      to: instant('until this instant, exclusive'),
      priceVersion: z.int().positive().describe('the version of the price list to price them by').optional(),
      reverses: id('the run that is undone, instead of a version').optional(),
      accountId: id('only those of this account').optional(),
      model: id('only those of this model').optional(),
      keyId: id('only those of this key').optional(),
      policy: z.enum(RERATING_POLICIES).describe('what happens to increases'),
      asOf: instant('charges that were booked later are not in it'),
      by: id('who proposed it: a user id'),
      reason: text('why'),
      totals: z
        .strictObject({
          accounts: count('accounts with such charges'),
          charges: count('the charges'),
          charged: usd('what was charged for them'),
          due: usd('what they are by the new prices'),
          difference: usd('by how much the accounts will be charged more; negative when they get credit back'),
          providerDifference: usd(
            'by how much the calls will cost us more at their providers; negative when they cost less. None in proposals of before it was told',
          ).optional(),
          refused: count(
            'charges that can’t be priced by the new version, or that a later run priced again; they stay as they are',
          ),
          laterRuns: z
            .array(id('a run'))
            .describe('the later runs that have to be undone first, of a run that undoes another one')
            .optional(),
          belowZero: count('accounts that it would bring below zero'),
        })
        .describe('what the dry run found'),
      at,
    })
    .describe('Charges are to be priced by another version of the price list, or a run is to be undone.'),
  ReratingApproved: z
    .strictObject({
      approvedBy: id('who approved it: a user id'),
      approvalReason: text('why they approved it; absent where they were not asked').optional(),
      at,
    })
    .describe('A second person agreed: it may be applied.'),
  AccountRerated: z
    .strictObject({
      accountId: id('the account'),
      charges: count('how many of its charges have changed'),
      difference: usd('by how much it was charged more; negative when it got credit back'),
      at,
    })
    .describe(
      'Every charge of an account that the run concerns is priced; of a run that was cancelled, as many as it came to.',
    ),
  ReratingCompleted: z
    .strictObject({
      accounts: count('accounts with charges that have changed'),
      charges: count('the charges'),
      difference: usd('by how much the accounts were charged more; negative when they got credit back'),
      at,
    })
    .describe('A run is done.'),
  ReratingCancelled: z
    .strictObject({ by: id('who cancelled it: a user id'), reason: text('why'), at })
    .describe('A run is not applied, or not any further. What it has booked stays, until a run undoes it.'),
  ReversalProposed: z
    .strictObject({
      reversal: id('the run that is to undo this one'),
      by: id('who proposed it: a user id'),
      reason: text('why'),
      at,
    })
    .describe('A run that is over is to be undone by another one. There is one such run at a time.'),
};

type Schemas = typeof reratingEventSchemas;
export type ReratingEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type ReratingEvent = EventOf<Schemas>;

const PREFIX = 'rerating-';

export const reratingStream = (runId: string): string => `${PREFIX}${runId}`;

/** The run of a stream; undefined for a stream of another kind. */
export const runOfStream = idAfter(PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const reratingUpcasters: Upcasters = {};

export const readReratingEvent = (recorded: RecordedEvent) => readEvent(reratingUpcasters, recorded) as ReratingEvent;
