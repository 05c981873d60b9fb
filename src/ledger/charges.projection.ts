// One row per admitted call: its hold, and how it ended.
import type { Projection, RecordedEvent } from '../event-store/index.js';
import type { JsonObject, JsonValue } from '../kernel/index.js';
import {
  type AccountEvent,
  type AccountEventData,
  accountOfStream,
  type Attempt,
  readAccountEvent,
  type ReleaseReason,
} from './account.events.js';

export const CHARGE_STATUSES = ['open', 'charged', 'released'] as const;

export interface ChargeRow extends JsonObject {
  readonly chargeId: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly keyId: string;
  readonly model: string;
  readonly status: (typeof CHARGE_STATUSES)[number];
  readonly hold: string;
  readonly openedAt: string;
  /** When the hold may be released if nothing settled it. */
  readonly expiresAt: string;
  readonly closedAt?: string;
  readonly cost?: string;
  readonly overage?: string;
  readonly late?: boolean;
  /** Why the answer was cut off, when part of its usage is an estimate. */
  readonly estimated?: string;
  readonly promptTokens?: number;
  readonly cachedTokens?: number;
  readonly completionTokens?: number;
  /** What else was counted and is not zero, by the names of `Usage`. */
  readonly otherCounts?: Readonly<Record<string, number>>;
  /** The usage block as the provider sent it, charged or not; the beginning of its text when it is not a small object. */
  readonly usageRaw?: JsonValue;
  /** How contradictory counts were read. */
  readonly reading?: readonly string[];
  readonly provider?: string;
  readonly upstreamModel?: string;
  readonly attempts?: readonly Attempt[];
  readonly priceVersion: number;
  /** Why nothing was charged. */
  readonly reason?: ReleaseReason;
  readonly detail?: string;
  /** The staff member who released it, or charged it after its release, and why. */
  readonly byHand?: { readonly actor: string; readonly reason: string };
  /** When it was priced again: by which run, from which cost and version, the newest last. */
  readonly reratings?: readonly ChargeRerating[];
}

interface ChargeRerating extends JsonObject {
  readonly runId: string;
  readonly at: string;
  readonly previousCost: string;
  readonly previousPriceVersion: number;
}

const ofCharge = new Set<string>([
  'HoldPlaced',
  'TokensCharged',
  'HoldReleased',
  'ChargeRerated',
] satisfies AccountEvent['type'][]);

export const charges: Projection<ChargeRow> = {
  view: { name: 'charges-5', indexes: [['status', 'expiresAt'], ['accountId', 'openedAt'], ['requestId']] },
  rowId: ({ type, stream, data }) =>
    ofCharge.has(type) && accountOfStream(stream) !== undefined ? String(data['chargeId']) : undefined,
  step(row, event) {
    const { type, data } = readAccountEvent(event);
    if (type === 'HoldPlaced') return opened(event, data);
    if (row === undefined) throw new Error(`${type} without a hold`);
    if (type === 'TokensCharged') return charged(row, data);
    if (type === 'ChargeRerated') return rerated(row, data);
    if (type === 'HoldReleased') return { ...row, status: 'released', closedAt: data.at, ...why(data) };
    throw new Error(`${type} is not about a charge`);
  },
};

function opened({ stream }: RecordedEvent, data: AccountEventData<'HoldPlaced'>): ChargeRow {
  const { chargeId, requestId, keyId, model, priceVersion, amount, expiresAt, at } = data;
  const accountId = accountOfStream(stream) ?? '';
  return {
    chargeId,
    accountId,
    requestId,
    keyId,
    model,
    priceVersion,
    status: 'open',
    hold: amount,
    openedAt: at,
    expiresAt,
  };
}

function charged(row: ChargeRow, data: AccountEventData<'TokensCharged'>): ChargeRow {
  const { cost, provider, upstreamModel, attempts, usage, usageRaw, at, overage, late, estimated, byHand } = data;
  const { reason: _reason, detail: _detail, byHand: _byHand, ...rest } = row;
  const { promptTokens, cachedTokens, completionTokens, reading, totalTokens: _total, ...others } = usage;
  const unusual = {
    ...(overage !== undefined && { overage }),
    ...(late && { late }),
    ...(estimated && { estimated }),
    ...(reading && { reading }),
    ...(byHand && { byHand }),
  };
  return {
    ...rest,
    status: 'charged',
    closedAt: at,
    cost,
    provider,
    upstreamModel,
    attempts,
    usageRaw,
    promptTokens,
    cachedTokens,
    completionTokens,
    otherCounts: Object.fromEntries(Object.entries(others).filter(([, count]) => count > 0)),
    ...unusual,
  };
}

function rerated(row: ChargeRow, data: AccountEventData<'ChargeRerated'>): ChargeRow {
  const { runId, at, cost, priceVersion, previousCost, previousPriceVersion } = data;
  const reratings = [...(row.reratings ?? []), { runId, at, previousCost, previousPriceVersion }];
  return { ...row, cost, priceVersion, reratings };
}

const why = (data: AccountEventData<'HoldReleased'>) => {
  const { reason, detail, attempts, usageRaw, provider, upstreamModel, byHand } = data;
  return {
    reason,
    ...(detail !== undefined && { detail }),
    ...(attempts !== undefined && { attempts }),
    ...(usageRaw !== undefined && { usageRaw }),
    ...(provider !== undefined && { provider }),
    ...(upstreamModel !== undefined && { upstreamModel }),
    ...(byHand !== undefined && { byHand }),
  };
};
