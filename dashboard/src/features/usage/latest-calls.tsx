import { Box, Card, Group, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Empty } from '../../ui/query-state.tsx';
import { CallCost, CallState, tokensText } from './call-cells.tsx';

export function LatestCalls({ calls }: { readonly calls: readonly Schema<'Charge'>[] }) {
  const { t } = useTranslation('usage');
  return (
    <Card withBorder component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('overview.latest')}</Title>
        {calls.length > 0 && (
          <Link to="/usage" size="sm">
            {t('overview.allCalls')}
          </Link>
        )}
      </Group>
      {calls.length === 0 ? (
        <Empty>
          {t('overview.noCalls')}{' '}
          <Link to="/playground" underline="always">
            {t('overview.tryOne')}
          </Link>
        </Empty>
      ) : (
        <PlainTable
          label={t('overview.latest')}
          rows={calls}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'time',
              header: t('column.time'),
              cell: ({ created_at: at }) => <Instant at={at} style="second" />,
            },
            {
              key: 'model',
              header: t('column.model'),
              cell: ({ model }) => (
                <Box miw={100} style={{ overflowWrap: 'anywhere' }}>
                  {model}
                </Box>
              ),
            },
            { key: 'status', header: t('column.status'), cell: (call) => <CallState call={call} /> },
            { key: 'tokens', header: t('column.tokens'), isNumeric: true, cell: tokensText },
            { key: 'cost', header: t('cost'), isNumeric: true, cell: (call) => <CallCost call={call} /> },
          ]}
        />
      )}
    </Card>
  );
}
