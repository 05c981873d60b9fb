// What /api answers an operator who asks what there is to do.
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
} from '../../platform/http/index.js';
import { PriceListVersion } from '../prices/price-lists.dto.js';
import { QueueCount } from '../queue/queue.dto.js';

/** What is counted is counted up to here. */
export const MOST_COUNTED = 1_000;

export const BEHIND = ['building', 'idle', 'stopped'] as const;

export class ReadModelState {
  @Shown()
  readonly name!: string;

  @ShownEnum(
    BEHIND,
    '`building`: it catches up; `idle`: no gateway keeps it; `stopped`: it takes nothing in until someone helps',
  )
  readonly state!: (typeof BEHIND)[number];

  @ShownInteger('how long ago the oldest event was recorded that it has not seen, in seconds')
  readonly lag_seconds!: number;

  @ShownOrNull('why it stopped')
  readonly reason!: string | null;
}

export class NewestCheckpoint {
  @ShownInteger('how many events of the ledger it seals')
  readonly size!: number;

  @ShownInstant('when it was signed')
  readonly signed_at!: string;

  @ShownInteger('how long ago that was, in seconds')
  readonly age_seconds!: number;
}

@ApiExtraModels(NewestCheckpoint, PriceListVersion)
export class OperatorOverview {
  @ShownAlways('operator_overview')
  readonly object!: 'operator_overview';

  @ShownObject(QueueCount, 'what waits in the queue: kinds of which something does', { isArray: true })
  readonly queue!: readonly QueueCount[];

  @ShownObject(ReadModelState, 'read models that are behind, or have stopped', { isArray: true })
  readonly read_models!: readonly ReadModelState[];

  @ShownObjectOrNull(NewestCheckpoint, 'the newest checkpoint of the ledger; null before the first')
  readonly checkpoint!: NewestCheckpoint | null;

  @ShownOrNull('why the ledger can’t be sealed at the moment')
  readonly sealing_fault!: string | null;

  @ShownObjectOrNull(PriceListVersion, 'the version of the price list in force; null where none is')
  readonly prices_in_force!: PriceListVersion | null;

  @ShownObject(PriceListVersion, 'versions that will be in force, the next one first', { isArray: true })
  readonly prices_scheduled!: readonly PriceListVersion[];

  @ShownInteger('models of the catalogue without a price: they can’t be called')
  readonly models_without_price!: number;

  @ShownInteger(`accounts that are suspended; ${MOST_COUNTED} also stands for more`)
  readonly suspended_accounts!: number;

  @ShownInteger('re-ratings that wait for a second person')
  readonly reratings_to_approve!: number;

  @ShownInteger('re-ratings that were approved and are not booked to the end')
  readonly reratings_to_apply!: number;
}
