import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, newId } from '../../kernel/index.js';
import type { Payment } from '../provider/payment.js';
import { Topups } from '../topups/topups.js';
import { PaymentSync } from './payment-sync.js';

/**
 * Brings a top-up up to date with the payment provider, as somebody of the staff asked for. Returns its payment there; undefined when there
 * is none. Refused: `topup_not_found`, `payments_unavailable`.
 */
export class SyncTopup extends Command<Payment | undefined> {
  constructor(
    readonly topupId: string,
    readonly request: { readonly by: string; readonly reason: string },
  ) {
    super();
  }
}

@CommandHandler(SyncTopup)
export class SyncTopupHandler implements ICommandHandler<SyncTopup> {
  constructor(
    private readonly topups: Topups,
    private readonly sync: PaymentSync,
    private readonly clock: Clock,
  ) {}

  async execute({ topupId, request }: SyncTopup): Promise<Payment | undefined> {
    await this.topups.execute(topupId, {
      type: 'RequestSync',
      commandId: newId(),
      at: this.clock.now(),
      ...request,
    });
    return this.sync.sync(topupId);
  }
}
