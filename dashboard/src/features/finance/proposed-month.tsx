import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { MonthAtStripe } from './month-at-stripe.tsx';
import { financeChanged } from './parts/changed.ts';
import { Facts } from '../../ui/facts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Person, ShortId } from './parts/names.tsx';
import { Sums } from './parts/sums.tsx';

type Month = Schema<'AccountingPeriod'>;

export interface ProposedMonthProps {
  readonly month: Month;
  /** Told the job that closes it. */
  readonly onClosing: (job: string) => void;
}

/** A month that waits for a second person, with what of the reconciliation is open. */
export function ProposedMonth({ month, onClosing }: ProposedMonthProps) {
  const { t } = useTranslation('finance');
  const me = useSuspenseQuery(meQuery).data;
  const isMine = month.proposed_by === me.user_id;
  return (
    <Card withBorder component="section" aria-label={t('close.proposedTitle', { month: month.id })}>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('close.proposedTitle', { month: month.id })}
        </Title>
        <Facts
          facts={[
            [t('reconciliation.proposedBy'), <Person key="by" id={month.proposed_by} />],
            [t('columns.when'), <Instant key="at" at={month.decided_at} />],
            [t('columns.reason'), month.reason ?? '–'],
          ]}
        />
        <MonthAtStripe month={month} />
        <OpenItems month={month} />
        {isMine && (
          <Alert role="note" color="yellow" title={t('secondPerson')}>
            <Text size="sm">{t('close.secondPerson')}</Text>
          </Alert>
        )}
        <Decision month={month} isMine={isMine} onClosing={onClosing} />
      </Stack>
    </Card>
  );
}

function OpenItems({ month }: { readonly month: Month }) {
  const { t } = useTranslation('finance');
  const count = month.open_items ?? 0;
  if (count === 0) return <Text size="sm">{t('close.nothingOpen')}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {t('close.openItems', { count })}{' '}
        <Link to="/finance/reconciliation" search={{ show: 'open' }}>
          {t('close.showItems')}
        </Link>
      </Text>
      <PlainTable
        label={t('close.oldest')}
        rows={month.oldest_open_items}
        rowKey={({ id }) => id}
        columns={[
          { key: 'date', header: t('columns.when'), cell: ({ date }) => <Instant at={date} style="date" /> },
          { key: 'id', header: t('reconciliation.transaction'), cell: ({ id }) => <ShortId id={id} /> },
          {
            key: 'difference',
            header: t('reconciliation.difference'),
            isNumeric: true,
            cell: ({ difference }) => <Sums sums={difference} />,
          },
        ]}
      />
    </Stack>
  );
}

function Decision({ month, isMine, onClosing }: ProposedMonthProps & { readonly isMine: boolean }) {
  const { t } = useTranslation('finance');
  const [asked, setAsked] = useState<'approve' | 'decline'>();
  const approve = api.useMutation('post', '/api/finance/books/periods/{month}/approve', { onSuccess: financeChanged });
  const decline = api.useMutation('post', '/api/finance/books/periods/{month}/decline', { onSuccess: financeChanged });
  const params = { path: { month: month.id } };
  /** What is approved is the proposal that is shown. */
  const seen = month.decided_at === null ? {} : { proposed_at: month.decided_at };
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={() => setAsked('decline')}>
        {t('close.decline')}
      </Button>
      <Button disabled={isMine} onClick={() => setAsked('approve')}>
        {t('close.approve')}
      </Button>
      <Confirm
        opened={asked === 'approve'}
        onClose={() => setAsked(undefined)}
        title={t('close.approveTitle', { month: month.id })}
        act={t('close.approve')}
        isDestructive
        reason={t('columns.reason')}
        onConfirm={(reason) =>
          approve.mutateAsync({ params, body: { reason, ...seen } }).then(({ id }) => onClosing(id))
        }
      >
        {t('close.approveDoes', { month: month.id })}
      </Confirm>
      <Confirm
        opened={asked === 'decline'}
        onClose={() => setAsked(undefined)}
        title={t('close.declineTitle', { month: month.id })}
        act={t('close.decline')}
        reason={t('columns.reason')}
        onConfirm={(reason) => decline.mutateAsync({ params, body: { reason } })}
      >
        {t('close.declineDoes', { month: month.id })}
      </Confirm>
    </Group>
  );
}
