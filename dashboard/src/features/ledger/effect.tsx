import { Alert, Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { Money } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { BookLines } from './book-lines.tsx';

type Effect = Schema<'QueueEffect'>;

/** What a choice would record, book and leave on balances, to the last digit. */
export function EffectShown({ effect }: { readonly effect: Effect }) {
  const { t } = useTranslation('ledger');
  const { events, postings, balances, refused } = effect;
  if (refused !== null)
    return (
      <Alert color="yellow" title={t('queue.refused')}>
        {inWords(refused.message, refused.code)}
      </Alert>
    );
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('queue.effect')}
      </Text>
      <Text size="sm" component="div">
        {t('queue.records')}{' '}
        {events.map(({ stream, type }) => (
          <Code key={`${stream} ${type}`} mr={6} style={{ overflowWrap: 'anywhere' }}>
            {stream}: {type}
          </Code>
        ))}
      </Text>
      {postings.length === 0 ? (
        <Text size="sm">{t('queue.booksNothing')}</Text>
      ) : (
        <BookLines label={t('queue.books')} lines={postings} isCaptioned />
      )}
      {balances.length === 0 ? <Text size="sm">{t('queue.noBalance')}</Text> : <Balances balances={balances} />}
    </Stack>
  );
}

function Balances({ balances }: { readonly balances: Effect['balances'] }) {
  const { t } = useTranslation('ledger');
  return (
    <PlainTable
      label={t('queue.balances')}
      rows={balances}
      rowKey={({ account_id: id }) => id}
      columns={[
        { key: 'account', header: t('queue.column.account'), cell: ({ account_id: id }) => <Code>{id}</Code> },
        ...(['balance_before', 'balance_after', 'available_before', 'available_after'] as const).map((figure) => ({
          key: figure,
          header: t(`queue.${figure}`),
          isNumeric: true,
          cell: (row: Effect['balances'][number]) => <Money amount={row[figure]} whole />,
        })),
      ]}
    />
  );
}
