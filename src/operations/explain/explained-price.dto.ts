// A price rule, its multiplications, and the credit that paid: of a charge, and of each time it was priced again.
import { Shown, ShownEnum, ShownInstant, ShownInteger, ShownOrNull, ShownUsd } from '../../platform/http/index.js';

export const OPTIONAL = { required: false };
export const TO_STAFF = 'to staff only: ';

export class ExplainedPrice {
  @ShownInteger('the version of the price list')
  readonly version!: number;

  @ShownInstant('from when that version is in force')
  readonly effective_from!: string;

  @ShownInstant('the instant whose prices apply: when the call was let in')
  readonly priced_at!: string;

  @ShownInteger('the band of prompts, in tokens, from this size')
  readonly prompt_from!: number;

  @ShownInteger('to this size, inclusive; null without a limit', { nullable: true })
  readonly prompt_to!: number | null;

  @ShownOrNull('the time window that was open (UTC); null outside every window')
  readonly window!: string | null;

  @Shown('why this rule applied, in words')
  readonly why!: string;
}

export class ExplainedLine {
  @Shown('a kind of token, a kind of piece, or the request itself, as in the price list')
  readonly kind!: string;

  @Shown('how many')
  readonly count!: string;

  @ShownUsd('what each costs')
  readonly rate!: string;

  @ShownUsd('count × rate')
  readonly amount!: string;

  @ShownUsd(`${TO_STAFF}what the provider charges us for each`, OPTIONAL)
  readonly provider_rate?: string;

  @ShownUsd(`${TO_STAFF}count × that`, OPTIONAL)
  readonly provider_amount?: string;
}

export class ExplainedSlice {
  @Shown()
  readonly lot_id!: string;

  @ShownEnum(['paid', 'bonus'])
  readonly kind!: string;

  @ShownUsd('what was taken from it, or went back to it')
  readonly amount!: string;

  @ShownUsd('what it held before')
  readonly before!: string;

  @ShownUsd('what it held after')
  readonly after!: string;
}
