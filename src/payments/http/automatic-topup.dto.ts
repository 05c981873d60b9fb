// What /api takes and answers about automatic top-ups.
import { ApiExtraModels } from '#openapi';
import {
  EnumField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownObjectOrNull,
  ShownOrNull,
} from '../../platform/http/index.js';
import { CURRENCIES, type Currency, DollarsField } from './topups.dto.js';

export class SetAutomaticTopup {
  @DollarsField('top up when less than this is available')
  readonly threshold!: string;

  @DollarsField('what each top-up buys: whole cents')
  readonly amount!: string;

  @DollarsField('the most that is bought in a calendar month (UTC)')
  readonly monthly_ceiling!: string;

  @EnumField('the currency the card is charged in', CURRENCIES, { default: 'usd' })
  readonly currency: Currency = 'usd';
}

export class SavedCard {
  @Shown()
  readonly brand!: string;

  @Shown()
  readonly last4!: string;

  @ShownInteger()
  readonly exp_month!: number;

  @ShownInteger()
  readonly exp_year!: number;
}

@ApiExtraModels(SavedCard)
export class AutomaticTopup {
  @ShownAlways('automatic_topup')
  readonly object!: 'automatic_topup';

  @Shown()
  readonly enabled!: boolean;

  @ShownOrNull('top up when less than this is available (USD)')
  readonly threshold!: string | null;

  @ShownOrNull('what each top-up buys (USD)')
  readonly amount!: string | null;

  @ShownOrNull('the most that is bought in a calendar month (USD)')
  readonly monthly_ceiling!: string | null;

  @ShownEnum(CURRENCIES, undefined, { nullable: true })
  readonly currency!: Currency | null;

  @Shown('what was bought in this calendar month (USD)')
  readonly bought_this_month!: string;

  @ShownOrNull('the top-up that is being paid now')
  readonly under_way!: string | null;

  @ShownObjectOrNull(SavedCard, 'the saved card')
  readonly card!: SavedCard | null;
}
