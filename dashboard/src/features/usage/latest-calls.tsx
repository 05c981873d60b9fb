import { Box, Card, Group, Table, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Empty } from '../../ui/query-state.tsx';
import { CallState, tokensText } from './call-cells.tsx';

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
        <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('overview.latest')}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('column.time')}</Table.Th>
                <Table.Th scope="col">{t('column.model')}</Table.Th>
                <Table.Th scope="col">{t('column.status')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('column.tokens')}
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('cost')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {calls.map((call) => (
                <Table.Tr key={call.id}>
                  <Table.Td>
                    <Instant at={call.created_at} style="second" />
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere', minWidth: 120 }}>{call.model}</Table.Td>
                  <Table.Td>
                    <CallState call={call} />
                  </Table.Td>
                  <Table.Td ta="right">{tokensText(call)}</Table.Td>
                  <Table.Td ta="right">
                    <Money amount={call.cost} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
      )}
    </Card>
  );
}
