// One row per account, day, key and model: the calls and their cost. For reports only.
import type { Projection, RecordedEvent } from '../event-store/index.js';
import { add, dayOf, formatUsd, type JsonObject, usd } from '../kernel/index.js';
import { type AccountEventData, accountOfStream, readAccountEvent } from './account.events.js';

/** The counts of a usage that are summed. */
const COUNTS = [
  'promptTokens',
  'cachedTokens',
  'completionTokens',
  'reasoningTokens',
  'images',
  'seconds',
  'characters',
] as const;

export interface UsageRow extends JsonObject, Readonly<Record<(typeof COUNTS)[number], number>> {
  readonly accountId: string;
  /** `yyyy-mm-dd`, UTC: when it was charged. */
  readonly day: string;
  readonly keyId: string;
  readonly model: string;
  readonly requests: number;
  readonly cost: string;
}

const charge = (event: RecordedEvent) => readAccountEvent(event).data as AccountEventData<'TokensCharged'>;

export const usageByDay: Projection<UsageRow> = {
  view: { name: 'usage-1', indexes: [['accountId', 'day']] },
  rowId(event) {
    const accountId = accountOfStream(event.stream);
    if (accountId === undefined || event.type !== 'TokensCharged') return undefined;
    const { at, keyId, model } = charge(event);
    return [accountId, dayOf(at), keyId, model].join('/');
  },
  step(row, event) {
    const { at, keyId, model, usage, cost } = charge(event);
    const counts = COUNTS.map((name) => [name, (row?.[name] ?? 0) + (usage[name] ?? 0)]);
    return {
      accountId: accountOfStream(event.stream) ?? '',
      day: dayOf(at),
      keyId,
      model,
      ...(Object.fromEntries(counts) as Record<(typeof COUNTS)[number], number>),
      requests: (row?.requests ?? 0) + 1,
      cost: formatUsd(add(usd(row?.cost ?? '0.00'), usd(cost))),
    };
  },
};
