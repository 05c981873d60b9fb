import {
  FromDigits,
  InstantField,
  IntegerField,
  Shown,
  ShownAlways,
  ShownInstant,
  ShownObject,
  ShownUsd,
} from '../../platform/http/index.js';

export class AsOfQuery {
  @InstantField('as of this instant; now by default', { optional: true })
  readonly as_of?: string;

  @FromDigits()
  @IntegerField('as of this position of the log', { min: 0, max: Number.MAX_SAFE_INTEGER, optional: true })
  readonly position?: number;
}

export class LotAsOf {
  @Shown()
  readonly id!: string;

  @Shown('paid, or bonus')
  readonly kind!: string;

  @ShownUsd('what it was')
  readonly amount!: string;

  @ShownUsd('what was left of it')
  readonly remaining!: string;

  @ShownInstant('when it expires')
  readonly expires_at!: string;
}

export class HoldAsOf {
  @Shown()
  readonly charge_id!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownUsd('what it set aside')
  readonly amount!: string;

  @ShownInstant('when it was placed')
  readonly placed_at!: string;

  @ShownInstant('when it expires')
  readonly expires_at!: string;
}

export class KeyAsOf {
  @Shown()
  readonly id!: string;

  @Shown()
  readonly name!: string;

  @Shown('the last characters of it')
  readonly last4!: string;

  @ShownUsd('what was spent with it')
  readonly spent!: string;

  @Shown('whether it was revoked')
  readonly revoked!: boolean;

  @ShownInstant('when it was issued')
  readonly issued_at!: string;
}

export class AccountAsOf {
  @ShownAlways('account')
  readonly object!: 'account';

  @Shown()
  readonly id!: string;

  @ShownUsd('all credit less debt')
  readonly balance!: string;

  @ShownUsd('set aside for calls under way')
  readonly held!: string;

  @ShownUsd('what new calls could spend')
  readonly available!: string;

  @Shown()
  readonly suspended!: boolean;

  @Shown()
  readonly closed!: boolean;

  @ShownInstant('when its newest event happened')
  readonly last_event_at!: string;

  @ShownObject(LotAsOf, undefined, { isArray: true })
  readonly lots!: readonly LotAsOf[];

  @ShownObject(HoldAsOf, undefined, { isArray: true })
  readonly holds!: readonly HoldAsOf[];

  @ShownObject(KeyAsOf, undefined, { isArray: true })
  readonly keys!: readonly KeyAsOf[];
}
