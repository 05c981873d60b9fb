// The two dates of an event. It is booked at its posting date, `at`, which never goes back within a stream; the service date says when
// the thing was earned, however late it was booked. Books go by the first, analysis by the second. Pure.
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
 * credit when it expired, what a provider billed otherwise on the day of its calls, everything else when it was booked.
 */
export function serviceDateOf(event: Dated): string {
  const { type, data } = event;
  const earned = serviceDate(type, data);
  return typeof earned === 'string' ? earned : postingDateOf(event);
}

function serviceDate(type: string, data: JsonObject): unknown {
  if (type === 'ChargeRerated' || (type === 'TokensCharged' && data['late'] === true)) return data['pricedAt'];
  if (type === 'ProviderDifferenceAccepted') return `${String(data['day'])}T00:00:00.000Z`;
  return type === 'CreditExpired' ? data['expiredAt'] : undefined;
}
