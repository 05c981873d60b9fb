import { queryClient } from '../../../api/client.ts';

/** Who somebody is, no decision changes; and a table asks for the names of each of its rows. */
const NAMES = ['/api/finance/accounts/{id}', '/api/finance/people/{id}', '/api/me', '/api/auth/session'];

/** To be called after finance has decided something: whatever may show it is asked for again. */
export const financeChanged = (): Promise<void> =>
  queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => !NAMES.includes(String(path)) });
