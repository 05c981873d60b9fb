// What the list of prices is narrowed to, as it stands in the address.
import { defined, type Search, textOf } from '../../ui/address.ts';

export interface PricingSearch {
  readonly search?: string;
  readonly provider?: string;
  readonly kind?: string;
  /** Also models that can’t be called here now. */
  readonly all?: true;
}

export const pricingSearch = ({ search, provider, kind, all }: Search): PricingSearch =>
  defined({
    search: textOf(search),
    provider: textOf(provider),
    kind: textOf(kind),
    all: all === true ? all : undefined,
  });
