import { Shown, ShownAlways, ShownEnum, ShownObject, ShownOrNull, ShownUsd } from '../../platform/http/index.js';

export class BalanceLot {
  @Shown()
  readonly id!: string;

  @ShownEnum(['paid', 'bonus'])
  readonly kind!: 'paid' | 'bonus';

  @ShownUsd('what it was')
  readonly amount!: string;

  @ShownUsd('what is left of it')
  readonly remaining!: string;

  @Shown()
  readonly created_at!: string;

  @Shown()
  readonly expires_at!: string;

  @ShownOrNull('null for bonus credit, which is never paid out')
  readonly refundable_until!: string | null;
}

export class Balance {
  @ShownAlways('balance')
  readonly object!: 'balance';

  @ShownAlways('usd')
  readonly currency!: 'usd';

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

  @Shown()
  readonly closed!: boolean;

  @ShownObject(BalanceLot, undefined, { isArray: true })
  readonly lots!: readonly BalanceLot[];
}
