// The two dates of an event: `at` says when it was written down, and never goes back within a stream; the service date says when the thing was
// earned, however late that was. The books go by both: an entry counts where it was earned, as long as that month is open. Pure.
import type { JsonObject } from '../kernel/index.js';

/** What is needed of an event of any booked stream. */
interface Dated {
  readonly type: string;
  readonly data: JsonObject;
}

/** When an event was booked (ISO 8601). */
export const postingDateOf = ({ data }: Dated): string => String(data['at']);

/**
 * When what an event books was earned (ISO 8601): a late charge and a charge rated again when the call began, expired
 * credit when it expired, what moved at Stripe when it did there, what a provider billed otherwise on the day of its
 * calls, a correction by hand when its makers say, everything else when it was booked.
 */
export function serviceDateOf(event: Dated): string {
  const { type, data } = event;
  const earned = serviceDate(type, data);
  return typeof earned === 'string' ? earned : postingDateOf(event);
}

function serviceDate(type: string, data: JsonObject): unknown {
  switch (type) {
    case 'TokensCharged':
      return data['late'] === true ? data['pricedAt'] : undefined;
    case 'ChargeRerated':
      return data['pricedAt'];
    case 'CreditExpired':
      return data['expiredAt'];
    case 'BalanceTransactionBooked':
    case 'PayoutPaid':
    case 'PayoutFailed':
      return data['createdAt'];
    case 'ResolutionApproved':
      return data['date'];
    case 'ProviderDifferenceAccepted':
      return `${String(data['day'])}T00:00:00.000Z`;
    case 'BalanceAdjusted':
      return data['servedAt'];
    default:
      return undefined;
  }
}
