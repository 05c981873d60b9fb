// One row per event that finance should examine: a payment that does not match its order, or an early fraud warning.
import type { Projection } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { readTopupEvent, type TopupEvent, topupOfStream } from './topup.events.js';

export interface PaymentAlertRow extends JsonObject {
  readonly kind: 'mismatch' | 'fraud_warning';
  readonly topupId: string;
  readonly paymentIntentId: string;
  readonly at: string;
  /** For a mismatch: the field that differs, and its values. */
  readonly field?: string;
  readonly expected?: string;
  readonly received?: string;
  /** For a fraud warning. */
  readonly warningId?: string;
  readonly fraudType?: string;
}

export const paymentAlerts: Projection<PaymentAlertRow> = {
  view: { name: 'payment-alerts-1', indexes: [['kind', 'at']] },
  rowId: ({ type, stream, data }) => {
    if (topupOfStream(stream) === undefined) return undefined;
    if (type === 'FraudWarned') return String(data['warningId']);
    return type === 'PaymentMismatched' ? String(data['paymentIntentId']) : undefined;
  },
  step(_row, recorded) {
    const { type, data } = readTopupEvent(recorded) as Extract<
      TopupEvent,
      { type: 'FraudWarned' | 'PaymentMismatched' }
    >;
    const topupId = topupOfStream(recorded.stream) ?? '';
    return { kind: type === 'FraudWarned' ? 'fraud_warning' : 'mismatch', topupId, ...data };
  },
};
