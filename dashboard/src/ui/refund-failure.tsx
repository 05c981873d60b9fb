import { useTranslation } from 'react-i18next';

/** Stripe’s own codes (docs.stripe.com/api/refunds/object, failure_reason). */
const CODES = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const;

/** Why a refund was not paid: a code of Stripe’s is in the reader’s words, what staff wrote is as they wrote it. */
export function RefundFailure({ reason }: { readonly reason: string }) {
  const { t } = useTranslation('ui');
  const code = CODES.find((each) => each === reason);
  return <>{code === undefined ? reason : t(`refundFailure.${code}`)}</>;
}
