// One row per account, day, key and model: the calls and their cost, by service date. For reports only; the books go by posting date.
import type { Projection, RecordedEvent } from '../event-store/index.js';
import { add, dayOf, formatUsd, type JsonObject, subtract, usd } from '../kernel/index.js';
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
  /** `yyyy-mm-dd`, UTC: when the calls were made. A price that is corrected later changes this day. */
  readonly day: string;
  readonly keyId: string;
  readonly model: string;
  readonly requests: number;
  readonly cost: string;
}

type Charged = AccountEventData<'TokensCharged'>;
type Rerated = AccountEventData<'ChargeRerated'>;
const dataOf = (event: RecordedEvent) => readAccountEvent(event).data as Charged | Rerated;

export const usageByDay: Projection<UsageRow> = {
  view: { name: 'usage-2', indexes: [['accountId', 'day']] },
  rowId(event) {
    const accountId = accountOfStream(event.stream);
    if (accountId === undefined || (event.type !== 'TokensCharged' && event.type !== 'ChargeRerated')) return undefined;
    const { pricedAt, keyId, model } = dataOf(event);
    return [accountId, dayOf(pricedAt), keyId, model].join('/');
  },
  step(row, event) {
    const data = dataOf(event);
    if ('previousCost' in data) return rerated(row, event, data);
    const { pricedAt, keyId, model, usage, cost } = data;
    const counts = {} as Record<(typeof COUNTS)[number], number>;
    for (const name of COUNTS) counts[name] = (row?.[name] ?? 0) + (usage[name] ?? 0);
    return {
      accountId: accountOfStream(event.stream) ?? '',
      day: dayOf(pricedAt),
      keyId,
      model,
      ...counts,
      requests: (row?.requests ?? 0) + 1,
      cost: formatUsd(add(usd(row?.cost ?? '0.00'), usd(cost))),
    };
  },
};

function rerated(row: UsageRow | undefined, { stream }: RecordedEvent, data: Rerated): UsageRow {
  if (row === undefined) throw new Error(`a re-rating in ${stream} of a call that is not there`);
  return { ...row, cost: formatUsd(add(usd(row.cost), subtract(usd(data.cost), usd(data.previousCost)))) };
}
