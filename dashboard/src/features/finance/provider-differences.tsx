import { Button, Code, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { countText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Status } from '../../ui/status.tsx';
import { Change } from './parts/balance.tsx';
import { Person } from './parts/names.tsx';
import { DIFFERENCES_FILE } from './parts/pages.ts';
import { ProviderDecision } from './provider-decision.tsx';

type Difference = Schema<'ProviderDifference'>;

/** Models and days that providers bill otherwise than was booked. */
export function ProviderDifferences() {
  const { t } = useTranslation('finance');
  const [chosen, setChosen] = useState<Difference>();
  const differences = api.useInfiniteQuery(
    'get',
    '/api/finance/provider-differences',
    { params: { query: { show: 'open' } } },
    BY_CURSOR,
  );
  const columns = useColumns(setChosen);
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('providers.differences')}
      </Title>
      <PagedTable
        query={differences}
        lines={4}
        name="finance-provider-differences"
        label={t('providers.differences')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={t('providers.agrees')}
        csv={DIFFERENCES_FILE}
      />
      <ProviderDecision difference={chosen} onClose={() => setChosen(undefined)} />
    </Stack>
  );
}

function useColumns(choose: (difference: Difference) => void): readonly Column<Difference>[] {
  const { t } = useTranslation('finance');
  return [
    { key: 'day', header: t('reconciliation.day'), cell: ({ day }) => day },
    { key: 'channel', header: t('providers.channel'), cell: ({ channel }) => channel },
    { key: 'model', header: t('columns.model'), cell: ({ model }) => <Code>{model}</Code> },
    {
      key: 'state',
      header: t('columns.status'),
      cell: ({ state, status }) => (
        <Status tone={state === 'proposed' ? 'waiting' : 'bad'}>
          {state === 'proposed' ? t('reconciliation.waits') : t(`providers.status.${status}`)}
        </Status>
      ),
    },
    { key: 'calls', header: t('providers.calls'), isNumeric: true, cell: ({ calls }) => countText(calls) },
    { key: 'booked', header: t('providers.booked'), isNumeric: true, cell: ({ booked }) => <Money amount={booked} /> },
    { key: 'billed', header: t('providers.billed'), isNumeric: true, cell: ({ billed }) => <Money amount={billed} /> },
    {
      key: 'difference',
      header: t('reconciliation.difference'),
      isNumeric: true,
      cell: ({ difference }) => (difference === null ? '–' : <Change amount={difference} currency="usd" />),
    },
    { key: 'percentage', header: '%', isNumeric: true, cell: ({ percentage }) => percentage ?? '–' },
    {
      key: 'by',
      header: t('reconciliation.proposedBy'),
      isExtra: true,
      cell: ({ requested_by: id }) => <Person id={id} />,
    },
    {
      key: 'act',
      header: t('columns.act'),
      cell: (difference) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => choose(difference)}
          aria-label={t('providers.decideOf', { model: difference.model, day: difference.day })}
        >
          {t('providers.decide')}
        </Button>
      ),
    },
  ];
}
