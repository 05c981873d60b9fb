// Why a call cost what it cost: what /api answers, and what `tokenhub explain` prints.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import { CHARGE_STATUSES, READINGS } from '../../ledger/index.js';
import { ExplainedLine, ExplainedPrice, ExplainedSlice, OPTIONAL, TO_STAFF } from './explained-price.dto.js';
import { ExplainedRerating } from './explained-rerating.dto.js';

export class ExplainedUsage {
  @Shown('the usage block as the provider sent it', { type: 'object', additionalProperties: true })
  readonly raw!: object;

  @Shown('the same in normal form: the counts that are charged', { type: 'object', additionalProperties: true })
  readonly normalised!: object;

  @ShownEnum(READINGS, 'how it was read, where its counts contradict each other', { isArray: true })
  readonly reading!: readonly (typeof READINGS)[number][];

  @Shown('whether the counts are what the block comes to, read again now')
  readonly follows_from_raw!: boolean;
}

class ExplainedPosting {
  @Shown('the account of the books')
  readonly account!: string;

  @Shown('debits are positive, credits negative (exact decimal)')
  readonly amount!: string;

  @Shown()
  readonly currency!: string;
}

class TreePlace {
  @ShownInteger('which leaf of the tree over the log it is; counts from 0')
  readonly index!: number;

  @ShownInteger('the size of the newest checkpoint, if that seals it; null while none does', { nullable: true })
  readonly sealed_by_size!: number | null;
}

@ApiExtraModels(TreePlace)
export class ExplainedEvent {
  @Shown()
  readonly type!: string;

  @ShownInstant('when it was decided')
  readonly at!: string;

  @ShownInstant('when the ledger stored it')
  readonly recorded_at!: string;

  @Shown()
  readonly id!: string;

  @Shown()
  readonly stream!: string;

  @ShownInteger('its number in its stream')
  readonly revision!: number;

  @ShownInteger(`${TO_STAFF}its position in the log of its store`, OPTIONAL)
  readonly position?: number;

  @Shown('the hash of the event before it in its stream; zeros before the first')
  readonly previous_hash!: string;

  @Shown('SHA-256 of that and this event')
  readonly hash!: string;

  @ShownObjectOrNull(TreePlace, 'its place in the tree over the whole log; null while the ledger is not sealed')
  readonly tree!: TreePlace | null;

  @ShownObject(ExplainedPosting, `${TO_STAFF}what it books`, { isArray: true, ...OPTIONAL })
  readonly postings?: readonly ExplainedPosting[];
}

class ByHand {
  @Shown('the user who charged it')
  readonly actor!: string;

  @Shown()
  readonly reason!: string;
}

@ApiExtraModels(ExplainedUsage, ExplainedPrice)
export class ChargeExplanation {
  @ShownAlways('charge_explanation')
  readonly object!: 'charge_explanation';

  @Shown()
  readonly charge_id!: string;

  @Shown('the `x-request-id` of the call')
  readonly request_id!: string;

  @Shown()
  readonly account_id!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownEnum(CHARGE_STATUSES)
  readonly status!: string;

  @ShownUsd('what was set aside for it')
  readonly held!: string;

  @ShownUsd('what was charged at first: the sum of its lines; null while nothing is', { nullable: true })
  readonly cost!: string | null;

  @ShownUsd(`${TO_STAFF}what the provider charges us`, OPTIONAL)
  readonly provider_cost?: string;

  @ShownOrNull('the channel that answered')
  readonly provider!: string | null;

  @ShownObjectOrNull(ExplainedUsage, 'what was used')
  readonly usage!: ExplainedUsage | null;

  @ShownObjectOrNull(ExplainedPrice, 'the rule that priced it')
  readonly price!: ExplainedPrice | null;

  @ShownObject(ExplainedLine, 'each multiplication', { isArray: true })
  readonly lines!: readonly ExplainedLine[];

  @ShownObject(ExplainedSlice, 'where the credit came from, in the order of taking', { isArray: true })
  readonly slices!: readonly ExplainedSlice[];

  @ShownUsd('what it costs after its re-ratings; null while nothing was charged', { nullable: true })
  readonly cost_now!: string | null;

  @ShownObject(ExplainedRerating, 'how its price was corrected since, in order', { isArray: true })
  readonly reratings!: readonly ExplainedRerating[];

  @Shown('what is unusual about it, a sentence each', { type: [String] })
  readonly notes!: readonly string[];

  @Shown(`${TO_STAFF}more about why it was released`, OPTIONAL)
  readonly release_detail?: string;

  @ShownObject(ByHand, `${TO_STAFF}who charged it after its release, and why`, OPTIONAL)
  readonly by_hand?: ByHand;

  @ShownObject(ExplainedEvent, 'everything that the ledger says about it, in order', { isArray: true })
  readonly events!: readonly ExplainedEvent[];
}
