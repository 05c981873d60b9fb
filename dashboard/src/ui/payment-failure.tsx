import { useTranslation } from 'react-i18next';
import type { Schema } from '../api/client.ts';

/** Why a payment failed, in words; nothing where it has not. */
export function PaymentFailure({ failure }: { readonly failure: Schema<'Topup'>['failure'] }) {
  const { t } = useTranslation('ui');
  return failure !== null && t(`paymentFailure.${failure}`);
}
