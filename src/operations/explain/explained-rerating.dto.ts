// Why a call costs something else since it was priced again.
import {
  Shown,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import { ExplainedLine, ExplainedPrice, ExplainedSlice, OPTIONAL, TO_STAFF } from './explained-price.dto.js';

class NewLot {
  @Shown()
  readonly lot_id!: string;

  @ShownOrNull('the lot that paid, and has expired or was refunded; null for a debt that was paid off since')
  readonly instead_of!: string | null;

  @ShownEnum(['paid', 'bonus'])
  readonly kind!: string;

  @ShownUsd('what it holds')
  readonly amount!: string;

  @ShownInstant('when what is left of it expires')
  readonly expires_at!: string;
}

export class ExplainedRerating {
  @Shown('the re-rating run')
  readonly run_id!: string;

  @ShownInteger('the revision of its event')
  readonly revision!: number;

  @ShownInstant('when it was booked')
  readonly at!: string;

  @ShownOrNull('the run that it undoes')
  readonly reverses!: string | null;

  @ShownOrNull(`${TO_STAFF}the user who proposed the run`, OPTIONAL)
  readonly proposed_by?: string | null;

  @ShownOrNull(`${TO_STAFF}the user who approved it`, OPTIONAL)
  readonly approved_by?: string | null;

  @ShownOrNull(`${TO_STAFF}why`, OPTIONAL)
  readonly reason?: string | null;

  @ShownInteger('the version of the price list that priced it before')
  readonly previous_price_version!: number;

  @ShownObject(ExplainedPrice, 'the rule that prices it from then on')
  readonly price!: ExplainedPrice;

  @ShownObject(ExplainedLine, 'each multiplication by the new prices', { isArray: true })
  readonly lines!: readonly ExplainedLine[];

  @ShownUsd('what the usage comes to by the new prices: the sum of the lines')
  readonly due!: string;

  @ShownUsd('what of that the customer does not pay')
  readonly absorbed!: string;

  @ShownOrNull('why not: the policy of the run for increases')
  readonly policy!: string | null;

  @ShownUsd('what the customer pays for the call from then on: `due` without what is absorbed')
  readonly cost!: string;

  @ShownUsd('what they had paid before')
  readonly previous_cost!: string;

  @ShownUsd('the one less the other: what was charged more; negative when credit went back')
  readonly difference!: string;

  @ShownUsd(`${TO_STAFF}what the provider charges us by the new version`, OPTIONAL)
  readonly provider_cost?: string;

  @ShownUsd(`${TO_STAFF}what it charged us by the one before`, OPTIONAL)
  readonly previous_provider_cost?: string;

  @ShownObject(ExplainedSlice, 'where an increase was taken from', { isArray: true })
  readonly taken!: readonly ExplainedSlice[];

  @ShownObject(ExplainedSlice, 'where a decrease went back to', { isArray: true })
  readonly given_back!: readonly ExplainedSlice[];

  @ShownObject(NewLot, 'lots that were made for what could not go back to where it came from', { isArray: true })
  readonly new_lots!: readonly NewLot[];

  @ShownUsd('what no credit was left for, and is a debt now; negative for a debt that is gone')
  readonly debt!: string;
}
