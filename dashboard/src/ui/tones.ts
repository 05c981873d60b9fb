// The colours that repeat what a state says in words.
import type { Schema } from '../api/client.ts';
import type { Tone } from './status.tsx';

export const TOPUP_TONES: Readonly<Record<Schema<'Topup'>['status'], Tone>> = {
  ordered: 'waiting',
  pending: 'waiting',
  paid: 'good',
  failed: 'bad',
  expired: 'neutral',
  canceled: 'neutral',
};

export const REFUND_TONES: Readonly<Record<Schema<'Refund'>['status'], Tone>> = {
  found: 'waiting',
  requested: 'waiting',
  approved: 'waiting',
  completed: 'good',
  failed: 'bad',
};

export const DISPUTE_TONES: Readonly<Record<Schema<'Dispute'>['status'], Tone>> = {
  open: 'waiting',
  won: 'good',
  lost: 'bad',
  inquiry_closed: 'neutral',
};

export const ITEM_TONES: Readonly<Record<Schema<'BookedTransaction'>['status'], Tone>> = {
  matched: 'good',
  resolved: 'good',
  written_off: 'neutral',
  pending: 'waiting',
  not_compared: 'neutral',
  ours_only: 'bad',
  theirs_only: 'bad',
  differs: 'bad',
};
