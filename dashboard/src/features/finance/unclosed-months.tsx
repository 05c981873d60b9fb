import { Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { financeChanged } from './parts/changed.ts';
import { PlainTable } from '../../ui/plain-table.tsx';

/** Months that are over and not closed; the next one can be proposed. */
export function UnclosedMonths() {
  const { t } = useTranslation('finance');
  const [asked, setAsked] = useState<string>();
  const overview = api.useQuery('get', '/api/finance/overview');
  const propose = api.useMutation('post', '/api/finance/books/periods/{month}/propose', {
    onSuccess: financeChanged,
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('close.open')}
      </Title>
      <QueryState query={overview} lines={4} empty={t('close.noneOpen')} isEmpty={({ months }) => months.length === 0}>
        {({ months }) => (
          <PlainTable
            label={t('close.open')}
            rows={months}
            rowKey={({ id }) => id}
            columns={[
              { key: 'month', header: t('close.month'), cell: ({ id }) => id },
              {
                key: 'status',
                header: t('columns.status'),
                cell: ({ status }) => (
                  <Status tone={status === 'proposed' ? 'waiting' : 'neutral'}>{t(`close.status.${status}`)}</Status>
                ),
              },
              {
                key: 'act',
                header: t('columns.act'),
                cell: ({ id, status, can_be_proposed: can }) =>
                  can ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => setAsked(id)}
                      aria-label={t('close.proposeOf', { month: id })}
                    >
                      {t('close.propose')}
                    </Button>
                  ) : (
                    <Text size="sm" c="dimmed">
                      {t(status === 'proposed' ? 'close.above' : 'close.later')}
                    </Text>
                  ),
              },
            ]}
          />
        )}
      </QueryState>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t('close.proposeTitle', { month: asked ?? '' })}
        act={t('close.propose')}
        reason={t('columns.reason')}
        onConfirm={(reason) => propose.mutateAsync({ params: { path: { month: asked ?? '' } }, body: { reason } })}
      >
        {t('close.proposeDoes', { month: asked ?? '' })}
      </Confirm>
    </Stack>
  );
}
