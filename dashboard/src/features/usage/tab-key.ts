// A key that was made or pasted in this tab. It is held in memory only, and gone with the tab or a reload.
import { useSyncExternalStore } from 'react';
import type { Schema } from '../../api/client.ts';

let held: string | undefined;
const listeners = new Set<() => void>();

export function holdKey(key: string | undefined): void {
  held = key;
  for (const listener of listeners) listener();
}

export const useTabKey = (): string | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );

const USUAL_MODEL = 'gpt-4o-mini';

/** A model that a key may call, for an example. */
export const firstModelOf = ({ allowed_models: allowed }: Pick<Schema<'ApiKey'>, 'allowed_models'>): string =>
  allowed?.[0] ?? USUAL_MODEL;
