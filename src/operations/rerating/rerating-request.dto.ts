// What /api takes of somebody who wants charges priced again.
import { RERATING_POLICIES, type ReratingPolicy } from '../../ledger/index.js';
import { EnumField, InstantField, IntegerField, TextField } from '../../platform/http/index.js';
import type { ReratingRequest } from '../../rerating/index.js';

const MOST_VERSIONS = 1_000_000;
const Filter = (what: string) => TextField(`only those of this ${what}`, { min: 1, max: 200, optional: true });

/** The charges to price again, and how. */
export class DryRunRerating {
  @InstantField('calls that were priced from this instant on')
  readonly from!: string;

  @InstantField('until this instant, exclusive; not in the future')
  readonly to!: string;

  @IntegerField('the version of the price list to price them by', { min: 1, max: MOST_VERSIONS })
  readonly price_version!: number;

  @Filter('account')
  readonly account_id?: string;

  @Filter('model')
  readonly model?: string;

  @Filter('key')
  readonly key_id?: string;

  @EnumField(
    'what happens to increases: the customer pays them, we do, or the customer does until the balance is zero; decreases are always given back',
    RERATING_POLICIES,
  )
  readonly policy!: ReratingPolicy;
}

export const requestOf = (body: DryRunRerating): ReratingRequest => ({
  from: body.from,
  to: body.to,
  priceVersion: body.price_version,
  ...(body.account_id !== undefined && { accountId: body.account_id }),
  ...(body.model !== undefined && { model: body.model }),
  ...(body.key_id !== undefined && { keyId: body.key_id }),
  policy: body.policy,
});
