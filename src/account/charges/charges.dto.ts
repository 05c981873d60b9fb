// What /api takes and answers about charges.
import {
  EnumField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import { CHARGE_STATUSES, type ChargeRow } from '../../ledger/index.js';

export class ChargesQuery extends ListQuery {
  @EnumField('charges of this status only', CHARGE_STATUSES, { optional: true })
  readonly status?: ChargeRow['status'];
}

class Estimate {
  @Shown()
  readonly reason!: string;

  @ShownInteger()
  readonly prompt_tokens!: number;

  @ShownInteger()
  readonly completion_tokens!: number;
}

class Attempt {
  @Shown()
  readonly channel!: string;

  @ShownInteger(undefined, { nullable: true })
  readonly status!: number | null;
}

class Rerating {
  @ShownInstant('when')
  readonly at!: string;

  @ShownUsd('what the call had cost before')
  readonly previous_cost!: string;

  @ShownInteger('the version of the price list it was priced by before')
  readonly previous_price_version!: number;
}

const OPTIONAL = { required: false };

export class Charge {
  @Shown()
  readonly id!: string;

  @ShownAlways('charge')
  readonly object!: 'charge';

  @ShownInteger('when its call was let through, in seconds since 1970')
  readonly created!: number;

  @Shown('the `x-request-id` of the call')
  readonly request_id!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownEnum(CHARGE_STATUSES)
  readonly status!: string;

  @ShownAlways('usd')
  readonly currency!: 'usd';

  @ShownUsd('what it cost', { nullable: true })
  readonly cost!: string | null;

  @ShownUsd('what was set aside for it')
  readonly held!: string;

  @ShownUsd('by how much it cost more', OPTIONAL)
  readonly overage?: string;

  @Shown('it was charged after its release', { ...OPTIONAL, type: 'boolean', enum: [true] })
  readonly late?: boolean;

  @ShownObject(Estimate, 'what was charged in place of what the provider did not report, and why', OPTIONAL)
  readonly estimated?: Estimate;

  @ShownInteger()
  readonly price_version!: number;

  @Shown(
    'the usage block as the provider sent it, charged or not: an object, or the start of its text; null without one',
    { oneOf: [{ type: 'object', nullable: true, additionalProperties: true }, { type: 'string' }] },
  )
  readonly usage!: unknown;

  @Shown('how it was read, where its counts contradict each other', { ...OPTIONAL, type: [String] })
  readonly usage_reading?: readonly string[];

  @ShownOrNull()
  readonly provider!: string | null;

  @ShownObject(Attempt, undefined, { isArray: true })
  readonly attempts!: readonly Attempt[];

  @ShownOrNull('why nothing was charged')
  readonly release_reason!: string | null;

  @Shown('when its price was corrected, and what it had cost before', {
    ...OPTIONAL,
    type: () => Rerating,
    isArray: true,
  })
  readonly reratings?: readonly Rerating[];

  @Shown('a person charged it after its release', { ...OPTIONAL, type: 'boolean', enum: [true] })
  readonly charged_by_hand?: boolean;
}
