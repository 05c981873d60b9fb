import { useTranslation } from 'react-i18next';
import { inWords } from '../../../app/i18n.ts';

const CUSTOMER_REASONS = ['not_needed', 'bought_by_mistake', 'not_satisfied', 'other'] as const;
const isCustomerReason = (reason: string): reason is (typeof CUSTOMER_REASONS)[number] =>
  (CUSTOMER_REASONS as readonly string[]).includes(reason);

/** Why something was done: what customers choose and Stripe’s codes are in the reader’s words, what staff write is as they wrote it. */
export function Reason({ reason }: { readonly reason: string | null }) {
  const { t } = useTranslation('finance');
  if (reason === null) return <span>–</span>;
  return <span>{isCustomerReason(reason) ? t(`refunds.reasons.${reason}`) : inWords(reason)}</span>;
}
