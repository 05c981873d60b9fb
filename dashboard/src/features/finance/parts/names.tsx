// Who and what ids are: the ledger names nobody, so each is asked for once and kept.
import { Code, Group, Text, Tooltip } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, meQuery } from '../../../api/client.ts';

/** A long one wraps, and an ordinary one does not, however narrow the column is that a table would give it. */
const NAME = { display: 'inline-block', minWidth: 150, overflowWrap: 'anywhere' } as const;

const KEPT_FOR_MS = 300_000;
const SHORT = 10;

/** An id, shortened; the whole of it on hover and focus, and selected by a click. */
export function ShortId({ id }: { readonly id: string | null | undefined }) {
  if (id === null || id === undefined) return <span>–</span>;
  if (id.length <= SHORT + 4) return <Code>{id}</Code>;
  return (
    <Tooltip label={id} events={{ hover: true, focus: true, touch: true }}>
      <Code tabIndex={0} role="note" aria-label={id}>
        {id.slice(0, SHORT)}…
      </Code>
    </Tooltip>
  );
}

/** A person by their user id: "you", an address, or that they have gone. */
export function Person({ id }: { readonly id: string | null | undefined }) {
  const { t } = useTranslation('finance');
  const me = useSuspenseQuery(meQuery).data;
  const isAsked = id !== null && id !== undefined && id !== me.user_id;
  const { data } = api.useQuery(
    'get',
    '/api/finance/people/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: isAsked, staleTime: KEPT_FOR_MS },
  );
  if (id === null || id === undefined) return <span>–</span>;
  if (id === me.user_id)
    return (
      <Text span inherit fw={600}>
        {t('you')}
      </Text>
    );
  if (data === undefined) return <ShortId id={id} />;
  if (data.email !== null)
    return (
      <Text span inherit style={NAME}>
        {data.email}
      </Text>
    );
  return (
    <Group gap={4}>
      {t('personGone')} <ShortId id={id} />
    </Group>
  );
}

/** Whose an account is. */
export function AccountName({ id }: { readonly id: string | null | undefined }) {
  const { t } = useTranslation('finance');
  const { data } = api.useQuery(
    'get',
    '/api/finance/accounts/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== null && id !== undefined && id !== '', staleTime: KEPT_FOR_MS },
  );
  if (id === null || id === undefined || id === '') return <span>–</span>;
  if (data === undefined) return <ShortId id={id} />;
  if (data.email === null)
    return (
      <Group gap={4} wrap="nowrap">
        {t('accountOfNobody')} <ShortId id={id} />
      </Group>
    );
  return (
    <Tooltip label={id}>
      <Text span inherit style={NAME}>
        {data.billing_name ?? data.email}
      </Text>
    </Tooltip>
  );
}
