// One row per import of a bill, and one per channel, day and model that was compared.
import type { Projection } from '../../event-store/index.js';
import { derivedId, type JsonObject } from '../../kernel/index.js';
import type { LineStatus } from './bill.js';
import {
  channelOfStream,
  type ProviderBillEvent,
  type ProviderBillEventData,
  readProviderBillEvent,
  type ProviderResolution,
} from './provider-bill.events.js';

export interface BillImportRow extends JsonObject, ProviderBillEventData<'ProviderBillImported'> {}

export const billImports: Projection<BillImportRow> = {
  view: { name: 'provider-bills-1', indexes: [['at'], ['channel', 'at']] },
  rowId: ({ type, stream, data }) =>
    channelOfStream(stream) !== undefined && type === ('ProviderBillImported' satisfies ProviderBillEvent['type'])
      ? String(data['importId'])
      : undefined,
  step(_row, recorded) {
    const { type, data } = readProviderBillEvent(recorded);
    if (type !== 'ProviderBillImported') throw new Error(`${type} is no import`);
    return data;
  },
};

/** A difference is open until two people close it, or a later bill has none. */
export const DIFFERENCE_STATES = ['none', 'open', 'proposed', 'booked', 'kept'] as const;

export interface BillLineRow extends JsonObject, Omit<ProviderBillEventData<'ProviderCostCompared'>, 'at'> {
  readonly id: string;
  readonly status: LineStatus;
  readonly state: (typeof DIFFERENCE_STATES)[number];
  /** Whether it is still to be closed. */
  readonly open: boolean;
  readonly comparedAt: string;
  /** Since when there has been a difference. */
  readonly openSince?: string;
  readonly resolution?: ProviderResolution;
  readonly reason?: string;
  readonly requestedBy?: string;
  readonly proposedAt?: string;
  readonly approvedBy?: string;
  readonly approvalReason?: string;
  readonly closedAt?: string;
}

/** The id of a line in addresses. */
export const lineIdOf = ({ channel, day, model }: { channel: string; day: string; model: string }): string =>
  derivedId(`${channel} ${day} ${model}`);

const OF_LINE = new Set<string>([
  'ProviderCostCompared',
  'ProviderDifferenceProposed',
  'ProviderDifferenceAccepted',
  'ProviderDifferenceDeclined',
] satisfies ProviderBillEvent['type'][]);

export const billLines: Projection<BillLineRow> = {
  view: {
    name: 'provider-bill-lines-2',
    indexes: [['day'], ['open', 'day'], ['channel', 'day'], ['importId', 'day'], ['channel', 'open', 'day']],
  },
  rowId: ({ type, stream, data }) =>
    channelOfStream(stream) !== undefined && OF_LINE.has(type)
      ? lineIdOf(data as unknown as Parameters<typeof lineIdOf>[0])
      : undefined,
  step(row, recorded) {
    const { type, data } = readProviderBillEvent(recorded);
    if (type === 'ProviderCostCompared') return compared(row, data);
    if (type === 'ProviderBillImported') throw new Error(`${type} is not about a line`);
    if (row === undefined) throw new Error(`${type} of a difference that was never found`);
    return decided(row, { type, data } as Decision);
  },
};

type Decision = Exclude<ProviderBillEvent, { type: 'ProviderBillImported' | 'ProviderCostCompared' }>;

function decided(row: BillLineRow, { type, data }: Decision): BillLineRow {
  switch (type) {
    case 'ProviderDifferenceProposed': {
      const { resolution, reason, requestedBy, at: proposedAt } = data;
      return { ...row, state: 'proposed', resolution, reason, requestedBy, proposedAt };
    }
    case 'ProviderDifferenceAccepted': {
      const { resolution, reason, requestedBy, approvedBy, approvalReason, at } = data;
      const people = { requestedBy, approvedBy, ...(approvalReason !== undefined && { approvalReason }) };
      const state = resolution === 'book' ? 'booked' : 'kept';
      return { ...row, state, open: false, resolution, reason, ...people, closedAt: at };
    }
    case 'ProviderDifferenceDeclined': {
      const { resolution: _what, reason: _why, requestedBy: _who, proposedAt: _when, ...line } = row;
      return { ...(line as BillLineRow), state: 'open' };
    }
  }
}

function compared(row: BillLineRow | undefined, data: ProviderBillEventData<'ProviderCostCompared'>): BillLineRow {
  const { at, ...figures } = data;
  const line = { id: lineIdOf(data), ...figures, comparedAt: at };
  if (data.status === 'matched') return { ...line, state: 'none', open: false };
  if (data.status === 'accepted') return { ...row, ...line, state: 'kept', open: false };
  return { ...line, state: 'open', open: true, openSince: row?.open ? (row.openSince ?? at) : at };
}
