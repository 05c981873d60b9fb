import { useQuery } from '@tanstack/react-query';
import { api, sessionQuery } from '../../../api/client.ts';
import { NOBODYS_KEY } from '../first-call.ts';

const USUAL = 'gpt-4o-mini';

/** What stands for the reader’s key: the end of their newest one where they are logged in, as only its hash is kept. */
export function useKeyHint(): {
  readonly key: string;
  readonly isTheirs: boolean;
} {
  const session = useQuery(sessionQuery);
  const keys = api.useQuery('get', '/api/keys', {}, { enabled: session.data?.logged_in === true, retry: false });
  const live = keys.data?.data.find(({ status }) => status === 'active');
  return live === undefined
    ? { key: NOBODYS_KEY, isTheirs: false }
    : { key: `${NOBODYS_KEY}${live.last4}`, isTheirs: true };
}

/** A chat model that can be called here now. */
export function useCallableModel(): string {
  const prices = api.useQuery('get', '/api/prices');
  const chats = prices.data?.data.filter(({ available, kind }) => available && kind === 'chat') ?? [];
  return (chats.find(({ model }) => model === USUAL) ?? chats[0])?.model ?? USUAL;
}
