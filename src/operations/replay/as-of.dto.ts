// A place in the log, as /api takes it.
import { fromInstant } from '../../kernel/index.js';
import type { AsOf } from '../../ledger/index.js';
import { FromDigits, InstantField, IntegerField, invalidRequest } from '../../platform/http/index.js';

export class AsOfQuery {
  @InstantField('as of this instant; now by default', { optional: true })
  readonly as_of?: string;

  @FromDigits()
  @IntegerField('as of this position of the log', { min: 0, max: Number.MAX_SAFE_INTEGER, optional: true })
  readonly position?: number;
}

/** @throws ApiError 400 when both are given */
export function asOfGiven({ as_of: instant, position }: AsOfQuery): AsOf | undefined {
  if (instant !== undefined && position !== undefined)
    throw invalidRequest('Give "as_of" or "position", not both.', 'position');
  if (position !== undefined) return { position };
  return instant === undefined ? undefined : { instant: fromInstant(instant) };
}
