// What /api answers about how the ledger is sealed.
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
import { MOST_UNSEALED } from '../integrity.js';
import { Checkpoint } from './log.dto.js';

const PLACE_STATES = ['current', 'behind', 'unreachable', 'write_only'] as const;

export class CheckpointPlaceShown {
  @Shown('its address, without passwords')
  readonly name!: string;

  @ShownEnum(PLACE_STATES, '`write_only`: what it has can’t be read back, as of a webhook')
  readonly state!: (typeof PLACE_STATES)[number];

  @ShownInteger('the size of the newest checkpoint in it; null where that can’t be read, or there is none', {
    nullable: true,
  })
  readonly newest_size!: number | null;

  @ShownInteger('how many checkpoints it has; null where that can’t be read', { nullable: true })
  readonly checkpoints!: number | null;

  @ShownOrNull('why it can’t be reached')
  readonly fault!: string | null;
}

@ApiExtraModels(Checkpoint)
export class Integrity {
  @ShownAlways('integrity')
  readonly object!: 'integrity';

  @Shown('whether the ledger has a key, so that checkpoints are signed')
  readonly is_sealed!: boolean;

  @Shown('the public keys of the ledger, newest first: what witnesses and checkers need (c2sp.org/signed-note)', {
    type: [String],
  })
  readonly keys!: readonly string[];

  @ShownInteger('how often the log is sealed while it grows, in seconds')
  readonly seal_every_seconds!: number;

  @ShownObjectOrNull(Checkpoint, 'the newest checkpoint; null before the first')
  readonly checkpoint!: Checkpoint | null;

  @ShownInteger('how old that is, in seconds', { nullable: true })
  readonly age_seconds!: number | null;

  @ShownInteger(`how many events came after it, checkpoints not counted; ${MOST_UNSEALED} also stands for more`)
  readonly unsealed_events!: number;

  @ShownOrNull('why the newest events are not sealed, or not everywhere, as far as this gateway knows')
  readonly fault!: string | null;

  @ShownObject(CheckpointPlaceShown, 'the places outside the ledger that checkpoints are written to', { isArray: true })
  readonly places!: readonly CheckpointPlaceShown[];
}
