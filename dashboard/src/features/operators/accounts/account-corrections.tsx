import { Button, Code, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery, queryClient, type Schema } from '../../../api/client.ts';
import { BY_CURSOR } from '../../../api/pages.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { PagedTable } from '../../../ui/paged-table.tsx';
import { Status } from '../../../ui/status.tsx';
import { useQuery } from '@tanstack/react-query';
import { DecideCorrection } from './decide-correction.tsx';

type Correction = Schema<'Adjustment'>;
const TONES = { proposed: 'waiting', approved: 'good', declined: 'neutral' } as const;

/** Corrections by hand: what waits for a second person, and what became of the others. */
export function AccountCorrections({ id }: { readonly id: string }) {
  const { t } = useTranslation('operators');
  const params = { path: { id }, query: {} };
  const corrections = api.useInfiniteQuery('get', '/api/operator/accounts/{id}/adjustments', { params }, BY_CURSOR);
  const columns: Column<Correction>[] = [
    { key: 'at', header: t('account.at'), cell: ({ proposed_at: at }) => <Instant at={at} /> },
    { key: 'amount', header: t('account.change'), isNumeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    {
      key: 'state',
      header: t('accounts.state'),
      cell: ({ status }) => <Status tone={TONES[status]}>{t(`correct.states.${status}`)}</Status>,
    },
    {
      key: 'reason',
      header: t('account.reason'),
      cell: ({ reason, service_date: earned, declined_for: declined }) => (
        <Text size="sm" style={{ minWidth: '12rem' }}>
          {reason}
          {earned !== null && (
            <>
              {` · ${t('correct.earned')} `}
              <Instant at={earned} />
            </>
          )}
          {declined !== null && ` · ${t('correct.declinedFor', { reason: declined })}`}
        </Text>
      ),
    },
    { key: 'by', header: t('correct.by'), isExtra: true, cell: ({ proposed_by: by }) => <Code>{by}</Code> },
    {
      key: 'decidedBy',
      header: t('correct.decidedBy'),
      isExtra: true,
      cell: ({ decided_by: by }) => (by === null ? '–' : <Code>{by}</Code>),
    },
    { key: 'act', header: t('correct.decide'), cell: (correction) => <Decide correction={correction} /> },
  ];
  return (
    <PagedTable
      query={corrections}
      name="operator-corrections"
      label={t('account.tabs.corrections')}
      columns={columns}
      rowKey={(correction) => correction.id}
      empty={t('correct.none')}
    />
  );
}

function Decide({ correction }: { readonly correction: Correction }) {
  const { t } = useTranslation('operators');
  const { data: me } = useQuery(meQuery, queryClient);
  const [choice, setChoice] = useState<'approve' | 'decline'>();
  if (correction.status !== 'proposed') return <>–</>;
  const isMine = me?.user_id === correction.proposed_by;
  return (
    <Group gap="xs" wrap="nowrap">
      {isMine ? (
        <Text size="sm" c="dimmed">
          {t('correct.byYou')}
        </Text>
      ) : (
        <Button size="xs" onClick={() => setChoice('approve')}>
          {t('correct.approve')}
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setChoice('decline')}>
        {t('correct.decline')}
      </Button>
      {choice !== undefined && (
        <DecideCorrection id={correction.id} choice={choice} close={() => setChoice(undefined)} />
      )}
    </Group>
  );
}
