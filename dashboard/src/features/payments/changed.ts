import { api, queryClient } from '../../api/client.ts';

const LISTS = ['/api/topups', '/api/topups/{id}', '/api/refunds', '/api/balance', '/api/overview', '/api/invoices'];

/** To be called after money has moved, or is about to: what shows it is asked for again. */
export const moneyChanged = (): Promise<void> =>
  queryClient.invalidateQueries({ predicate: ({ queryKey }) => LISTS.includes(String(queryKey[1])) });

export const automaticTopupQuery = api.queryOptions('get', '/api/automatic-topup');
export const balanceAlertQuery = api.queryOptions('get', '/api/balance-alert');
