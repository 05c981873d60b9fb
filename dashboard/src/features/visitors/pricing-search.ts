// What the list of prices is narrowed to, as it stands in the address.
export interface PricingSearch {
  readonly search?: string;
  readonly provider?: string;
  readonly kind?: string;
  /** Also models that can’t be called here now. */
  readonly all?: true;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Only what is set stands in the address. */
export function pricingSearch(given: Record<string, unknown>): PricingSearch {
  const [search, provider, kind] = [text(given['search']), text(given['provider']), text(given['kind'])];
  return {
    ...(search !== undefined && { search }),
    ...(provider !== undefined && { provider }),
    ...(kind !== undefined && { kind }),
    ...(given['all'] === true && { all: true }),
  };
}
