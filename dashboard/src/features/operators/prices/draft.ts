// A draft of a price list. It is kept in this browser alone, and checked by the server.
import { useLocalStorage } from '@mantine/hooks';
import type { Schema } from '../../../api/client.ts';

export type ModelPrices = Schema<'PriceListDocument'>['models'][number];
export type Band = ModelPrices['bands'][number];
export type PriceWindow = NonNullable<Band['windows']>[number];
export type Rates = Band['price'];
export type Kind = keyof Rates;

export interface Draft {
  /** The version it was begun from; null when it was begun from nothing. */
  readonly base: number | null;
  /** The newest version when it was begun: another one since then is a conflict. */
  readonly newest: number;
  /** ISO 8601; undefined: from when it is published. */
  readonly effectiveFrom?: string;
  readonly models: readonly ModelPrices[];
}

/** In the order in which people read prices. */
export const KINDS = [
  'input',
  'cachedInput',
  'explicitCachedInput',
  'cacheWrite',
  'cacheWrite1h',
  'output',
  'reasoning',
  'inputAudio',
  'outputAudio',
  'inputImage',
  'perRequest',
  'perImage',
  'perSecond',
  'perCharacter',
] as const satisfies readonly Kind[];

const NEEDED: readonly Kind[] = ['input', 'output'];

/** Rates with another value of a kind; without one, the kind goes. */
export function withRate(rates: Rates | undefined, kind: Kind, value: string): Rates | undefined {
  const text = value.trim();
  const next: Partial<Record<Kind, string>> = { ...rates, [kind]: text };
  if (text === '' && !(NEEDED.includes(kind) && Object.keys(next).length > 1)) delete next[kind];
  if (Object.keys(next).length === 0) return undefined;
  return { input: '', output: '', ...next };
}

/** The draft of this browser; null when there is none. */
export function useDraft() {
  return useLocalStorage<Draft | null>({
    key: 'token-hub-price-draft',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
}

/** What the server checks and publishes. */
export const documentOf = ({ models, effectiveFrom }: Draft) => ({
  models: [...models],
  ...(effectiveFrom !== undefined && { effective_from: effectiveFrom }),
});

export type Fault = Schema<'Fault'>;

/** The faults at a path and below it, each with the rest of its path. */
export const faultsBelow = (faults: readonly Fault[], path: string): Fault[] =>
  faults.filter(
    (fault) => fault.path === path || fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`),
  );

/** What is wrong with one field. */
export const faultAt = (faults: readonly Fault[], path: string): string | undefined =>
  faults.find((fault) => fault.path === path)?.message;
