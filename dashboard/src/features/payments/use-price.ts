import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import type { Currency } from './currency-choice.tsx';

const SETTLED_AFTER_MS = 300;
/** Whole cents. Whether it is on offer, the API says. */
const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/;

export interface QuotedPrice {
  /** What the price is of, once the customer has stopped writing. */
  readonly amount: string;
  /** Undefined until it is known, and for what is not on offer. */
  readonly price: Schema<'TopupPrice'> | undefined;
  /** What is wrong with the amount. */
  readonly fault: string | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly refetch: () => void;
}

/** What credit costs now. */
export function usePrice(wanted: string, currency: Currency): QuotedPrice {
  const { t } = useTranslation('payments');
  const [amount] = useDebouncedValue(wanted, SETTLED_AFTER_MS);
  const isAmount = AMOUNT.test(amount);
  const { data, error, isFetching, refetch } = api.useQuery(
    'get',
    '/api/topups/quote',
    { params: { query: { amount, currency } } },
    { enabled: isAmount, retry: false },
  );
  const isSettled = amount === wanted;
  const failure: unknown = error;
  return {
    amount,
    price: isAmount && isSettled ? data : undefined,
    fault: isAmount ? (failure instanceof ApiFailure ? failure.words : undefined) : t('buy.malformed'),
    isLoading: isAmount && (isFetching || !isSettled),
    error: failure,
    refetch: () => void refetch(),
  };
}
