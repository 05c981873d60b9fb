// The state of an account as JSON. Snapshots are disposable: when AccountState changes, the view's name takes a new number.
import type { SnapshotFormat } from '../event-store/index.js';
import { formatUsd, type JsonObject, type JsonValue, usd } from '../kernel/index.js';
import { indexOf } from './account.index.js';
import { type AccountState, noAccount } from './account.state.js';
import { lotsOf } from './lots.js';
import { copyOfSettled, countSettled, noneSettled } from './settled-charges.js';

const AMOUNT = '$usd';

export const accountSnapshots: SnapshotFormat<AccountState> = {
  view: { name: 'account-snapshots-10', indexes: [], believed: true },
  entries: ({ holds, settled, released, keys, lots, references, refunds }) =>
    [holds, released, keys, lots.byId, references, refunds].reduce(
      (total, { size }) => total + size,
      countSettled(settled),
    ),
  freeze: (state) => freeze({ ...state, index: undefined, lots: [...state.lots.byId.values()] }) as JsonObject,
  thaw(frozen) {
    const { keys, endedKeys, lots, holds, settled, released, chargedByHand, adjustments, ...more } = thaw(
      frozen,
    ) as Record<string, never>;
    const { references, refunds, disputes, ...plain } = more;
    const state: AccountState = {
      ...noAccount(),
      ...(plain as Partial<AccountState>),
      keys: new Map(keys),
      endedKeys: new Map(endedKeys),
      lots: lotsOf(lots ?? []),
      holds: new Map(holds),
      settled: copyOfSettled(settled ?? noneSettled()),
      released: new Map(released),
      chargedByHand: new Set(chargedByHand),
      adjustments: new Set(adjustments),
      references: new Map(references),
      refunds: new Map(refunds),
      disputes: new Map(disputes),
    };
    return { ...state, index: indexOf(state) };
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
