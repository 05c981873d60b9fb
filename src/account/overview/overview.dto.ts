import {
  Shown,
  ShownAlways,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import { Charge } from '../charges/charges.dto.js';

class DaySpend {
  @Shown('the day (UTC)')
  readonly day!: string;

  @ShownInteger('calls that were charged')
  readonly requests!: number;

  @ShownUsd('what they cost')
  readonly cost!: string;
}

class ModelSpend {
  @Shown()
  readonly model!: string;

  @ShownInteger('calls that were charged')
  readonly requests!: number;

  @ShownUsd('what they cost')
  readonly cost!: string;
}

class SpendFigures {
  @ShownUsd('since midnight, UTC')
  readonly today!: string;

  @ShownUsd('today and the six days before')
  readonly last_7_days!: string;

  @ShownUsd('today and the 29 days before')
  readonly last_30_days!: string;

  @ShownObject(DaySpend, 'each of the last 30 days, oldest first', { isArray: true })
  readonly by_day!: readonly DaySpend[];

  @ShownObject(ModelSpend, 'of the last 30 days, the dearest first', { isArray: true })
  readonly by_model!: readonly ModelSpend[];
}

/** What somebody has done who uses this for the first time. */
class FirstSteps {
  @Shown('there was credit at some time')
  readonly credit!: boolean;

  @Shown('there is a key')
  readonly key!: boolean;

  @Shown('a call was made')
  readonly call!: boolean;
}

export class Overview {
  @ShownAlways('overview')
  readonly object!: 'overview';

  @ShownAlways('usd')
  readonly currency!: 'usd';

  @ShownInstant('everything until then is in it')
  readonly as_of!: string;

  @ShownUsd('all credit less debt')
  readonly balance!: string;

  @ShownUsd('set aside for calls under way')
  readonly held!: string;

  @ShownUsd('what new calls can spend')
  readonly available!: string;

  @Shown('a payment is disputed: no new calls until that is over')
  readonly frozen!: boolean;

  @Shown()
  readonly suspended!: boolean;

  @ShownObject(SpendFigures)
  readonly spend!: SpendFigures;

  @ShownUsd('what a day costs: the mean of the days with calls among the last seven (UTC, today included); 0 without')
  readonly burn_rate_per_day!: string;

  @ShownOrNull(
    '`available` divided by `burn_rate_per_day`, in tenths of a day, rounded down; null when nothing is spent',
  )
  readonly days_left!: string | null;

  @Shown('nothing is available, or it lasts less than three days')
  readonly low!: boolean;

  @ShownObject(FirstSteps)
  readonly first_steps!: FirstSteps;

  @ShownObject(Charge, 'the newest first', { isArray: true })
  readonly latest_calls!: readonly Charge[];
}
