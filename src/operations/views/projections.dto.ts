// What /api answers about read models.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
} from '../../platform/http/index.js';

const VIEW_STATES = ['live', 'building', 'idle', 'stopped'] as const;
const WORK_STATES = ['queued', 'running', 'interrupted'] as const;
const IntegerOrNull = (what: string) => ShownInteger(what, { nullable: true });

export class ViewWork {
  @ShownEnum(['rebuild', 'comparison'], 'what is made beside the live rows')
  readonly kind!: 'rebuild' | 'comparison';

  @ShownEnum(WORK_STATES, '`interrupted`: nobody works on it; the next rebuild goes on from here')
  readonly state!: (typeof WORK_STATES)[number];

  @ShownOrNull('the job that does it, with its progress and time left; null for one of the command line')
  readonly job_id!: string | null;

  @IntegerOrNull('up to which position of the log it has come; null before it began')
  readonly position!: number | null;

  @ShownInteger('how much of the log that is, from 0 to 100')
  readonly percent!: number;
}

@ApiExtraModels(ViewWork)
export class ProjectionShown {
  @Shown('its name with the version')
  readonly name!: string;

  @ShownInteger('the version of its rows')
  readonly version!: number;

  @ShownEnum(
    VIEW_STATES,
    '`live`: it has seen all but the last two seconds; `building`: it is further behind; `idle`: no gateway keeps it; `stopped`: it takes in nothing until somebody helps',
  )
  readonly state!: (typeof VIEW_STATES)[number];

  @ShownOrNull('why it stopped')
  readonly reason!: string | null;

  @ShownInteger('the position up to which it has seen all events; -1 before the first')
  readonly position!: number;

  @ShownInteger('how many positions of the log it has not seen; in a ledger that is a file, as many events')
  readonly lag_events!: number;

  @ShownInteger('how long ago the oldest event was recorded that it has not seen')
  readonly lag_seconds!: number;

  @ShownInteger('how much of the log it has seen, from 0 to 100')
  readonly percent!: number;

  @IntegerOrNull('how fast it goes; null where another gateway keeps it')
  readonly events_per_second!: number | null;

  @IntegerOrNull('until it has caught up; null when it makes no progress')
  readonly seconds_left!: number | null;

  @ShownOrNull('the release that keeps it, or kept it last')
  readonly release!: string | null;

  @Shown('whether this release reads it')
  readonly this_release!: boolean;

  @Shown('whether a gateway keeps it')
  readonly in_use!: boolean;

  @ShownObjectOrNull(ViewWork, 'what is made beside it now, or was left half done')
  readonly work!: ViewWork | null;
}

export class Projections {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownInteger('the position of the newest event of the log; -1 while it is empty')
  readonly head!: number;

  @ShownObject(ProjectionShown, 'every read model, those of this release first', { isArray: true })
  readonly data!: readonly ProjectionShown[];
}
