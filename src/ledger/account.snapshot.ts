// An account's state as JSON. Disposable: a change of AccountState takes a new number in the view's name.
import type { SnapshotFormat } from '../event-store/index.js';
import { formatUsd, type JsonObject, type JsonValue, usd } from '../kernel/index.js';
import { type AccountState, noAccount } from './account.state.js';

const AMOUNT = '$usd';

export const accountSnapshots: SnapshotFormat<AccountState> = {
  view: { name: 'account-snapshots-3', indexes: [] },
  entries: ({ holds, settled, released }) => holds.size + settled.size + released.size,
  freeze: (state) => freeze(state) as JsonObject,
  thaw(frozen) {
    const { keys, holds, settled, released, chargedByHand, adjustments, references, refunds, disputes, ...plain } =
      thaw(frozen) as Record<string, never>;
    return {
      ...noAccount(),
      ...(plain as Partial<AccountState>),
      keys: new Map(keys),
      holds: new Map(holds),
      settled: new Map(settled),
      released: new Map(released),
      chargedByHand: new Set(chargedByHand),
      adjustments: new Set(adjustments),
      references: new Map(references),
      refunds: new Map(refunds),
      disputes: new Map(disputes),
    };
  },
};

/** Amounts become tagged decimal strings, maps and sets become arrays. */
function freeze(value: unknown): JsonValue {
  if (typeof value === 'bigint') return { [AMOUNT]: formatUsd(value as never) };
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return [...value].map(freeze);
  if (typeof value !== 'object' || value === null) return value as JsonValue;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, freeze(item)]])),
  );
}

function thaw(value: JsonValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(thaw);
  if (typeof value !== 'object' || value === null) return value;
  const { [AMOUNT]: amount } = value as JsonObject;
  if (typeof amount === 'string') return usd(amount);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, thaw(item)]));
}
