// The bookkeeping of provider bills: what a provider bills beyond what was booked is a cost that we owe it. Pure.
import { usd } from '../../kernel/index.js';
import { bookedStream, CHART, creditTo, debit, type Posting } from '../../ledger/index.js';
import { channelOfStream, type ProviderBillEvent, readProviderBillEvent } from './provider-bill.events.js';
import { providerBill } from './provider-bill.js';

/** The postings of an event; empty for one that moves no money. */
export function providerBillPostings({ type, data }: ProviderBillEvent): Posting[] {
  if (type !== 'ProviderDifferenceAccepted' || data.resolution !== 'book') return [];
  const amount = usd(data.amount);
  return [debit(CHART.providerCost, amount), creditTo(CHART.providerPayable, amount)];
}

export const providerBillStreams = bookedStream({
  idOf: channelOfStream,
  read: readProviderBillEvent,
  decider: providerBill,
  postings: providerBillPostings,
});
