import { Injectable } from '@nestjs/common';
import { EventStore, StreamWriter } from '../../event-store/index.js';
import { accepted } from '../../kernel/index.js';
import type { PayoutReport } from '../provider/payment.js';
import {
  payout,
  type PayoutEvent,
  type PayoutState,
  payoutStream,
  payoutUpcasters,
  type ReportPayout,
} from './payout.js';

/** Records the status of payouts. One instance per process. */
@Injectable()
export class Payouts {
  readonly #writer: StreamWriter<PayoutState, ReportPayout, PayoutEvent>;

  constructor(store: EventStore) {
    this.#writer = new StreamWriter({ store, decider: payout, upcasters: payoutUpcasters });
  }

  /** Records the status of a payout at an instant (epoch milliseconds). A repeated report changes nothing. @throws EventStoreUnavailable */
  async report(report: PayoutReport, at: number): Promise<readonly PayoutEvent[]> {
    const command = { type: 'ReportPayout', commandId: `${report.payoutId}/${report.status}`, at, ...report } as const;
    return accepted(await this.#writer.execute(payoutStream(report.payoutId), command));
  }
}
