import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Payment } from '../provider/payment.js';
import { PaymentSync } from './payment-sync.js';

/** Brings a top-up up to date with the payment provider. Returns its payment there; undefined when there is none. */
export class SyncTopup extends Command<Payment | undefined> {
  constructor(readonly topupId: string) {
    super();
  }
}

@CommandHandler(SyncTopup)
export class SyncTopupHandler implements ICommandHandler<SyncTopup> {
  constructor(private readonly sync: PaymentSync) {}

  execute({ topupId }: SyncTopup): Promise<Payment | undefined> {
    return this.sync.sync(topupId);
  }
}
