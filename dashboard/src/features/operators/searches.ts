// What the addresses of these pages carry, so that a view can be mailed.
const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value);
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

type Raw = Readonly<Record<string, unknown>>;

export const ACCOUNT_STATES = ['suspended', 'closed'] as const;
export interface AccountsSearch {
  readonly search?: string | undefined;
  readonly state?: (typeof ACCOUNT_STATES)[number] | undefined;
}
export const readAccountsSearch = (raw: Raw): AccountsSearch => ({
  search: text(raw['search']),
  state: oneOf(ACCOUNT_STATES, raw['state']),
});

export const ACCOUNT_TABS = ['credit', 'calls', 'entries', 'payments', 'keys', 'corrections'] as const;
export type AccountTab = (typeof ACCOUNT_TABS)[number];
export interface AccountSearch {
  readonly tab?: AccountTab | undefined;
  /** An instant (ISO 8601). */
  readonly as_of?: string | undefined;
}
export const readAccountSearch = (raw: Raw): AccountSearch => ({
  tab: oneOf(ACCOUNT_TABS, raw['tab']),
  as_of: text(raw['as_of']),
});
