// One row per account that has ever saved a card. It shows which balances to watch.
import type { Projection } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { accountOfAutomaticTopups, readAutomaticTopupEvent } from './automatic-topup.events.js';

export interface AutomaticTopupRow extends JsonObject {
  readonly accountId: string;
  /** Whether there may be work: a card to charge or to forget, or a top-up under way. */
  readonly watched: boolean;
  readonly card: boolean;
  /** Stripe’s customer, by whom people at Stripe name the account. */
  readonly customerId?: string;
  readonly on: boolean;
  readonly threshold?: string;
  readonly underWay?: string;
}

export const automaticTopupRows: Projection<AutomaticTopupRow> = {
  view: { name: 'automatic-topups-2', indexes: [['watched'], ['customerId']] },
  rowId: ({ stream }) => accountOfAutomaticTopups(stream),
  step(row, event) {
    const before = row ?? {
      accountId: accountOfAutomaticTopups(event.stream) ?? '',
      watched: false,
      card: false,
      on: false,
    };
    const after = changed(before, readAutomaticTopupEvent(event));
    return { ...after, watched: after.card || after.underWay !== undefined };
  },
};

function changed(
  row: AutomaticTopupRow,
  { type, data }: ReturnType<typeof readAutomaticTopupEvent>,
): AutomaticTopupRow {
  switch (type) {
    case 'AutomaticTopupSet':
      return { ...row, on: true, threshold: data.threshold };
    case 'AutomaticTopupStopped':
      return { ...row, on: false };
    case 'AutomaticTopupOrdered':
      return { ...row, underWay: data.topupId };
    case 'AutomaticTopupEnded': {
      const { underWay: _ended, ...rest } = row;
      return rest;
    }
    case 'CardSaved':
      return { ...row, card: true, customerId: data.customerId };
    case 'CardRemoved':
      return { ...row, card: false };
    case 'AutomaticTopupCeilingReached':
    case 'AutomaticTopupFoundPaid':
      return row;
  }
}
