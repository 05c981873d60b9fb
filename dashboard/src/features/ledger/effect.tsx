import { Alert, Code, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Money } from '../../ui/money.tsx';
import { BookLines } from './book-lines.tsx';
import { ScrolledTable } from './scrolled-table.tsx';

type Effect = Schema<'QueueEffect'>;

/** What a choice would record, book and leave on balances, to the last digit. */
export function EffectShown({ effect }: { readonly effect: Effect }) {
  const { t } = useTranslation('ledger');
  const { events, postings, balances, refused } = effect;
  if (refused !== null)
    return (
      <Alert color="yellow" title={t('queue.refused')}>
        {refused.message}
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
    <ScrolledTable label={t('queue.balances')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('queue.column.account')}</Table.Th>
          {(['balanceBefore', 'balanceAfter', 'availableBefore', 'availableAfter'] as const).map((column) => (
            <Table.Th scope="col" ta="right" key={column}>
              {t(`queue.${column}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {balances.map(({ account_id, balance_before, balance_after, available_before, available_after }) => (
          <Table.Tr key={account_id}>
            <Table.Td>
              <Code>{account_id}</Code>
            </Table.Td>
            {[balance_before, balance_after, available_before, available_after].map((amount, index) => (
              <Table.Td ta="right" key={index}>
                <Money amount={amount} whole />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrolledTable>
  );
}
