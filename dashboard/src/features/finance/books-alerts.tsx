import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { ShortId } from './parts/names.tsx';
import { TopupLink } from './parts/topup-link.tsx';

type Alert = Schema<'PaymentAlert'>;

/** Payments that are not what was ordered, and early warnings of fraud. */
export const Alerts = () => (
  <Stack gap="lg">
    <Mismatches />
    <Warnings />
  </Stack>
);

function useCommonColumns(): { readonly first: readonly Column<Alert>[]; readonly last: Column<Alert> } {
  const { t } = useTranslation('finance');
  return {
    first: [
      { key: 'at', header: t('columns.when'), cell: ({ at }) => <Instant at={at} /> },
      {
        key: 'topup',
        header: t('topups.one'),
        cell: ({ topup_id: id }) => <TopupLink id={id} />,
      },
    ],
    last: { key: 'intent', header: t('topup.intent'), cell: ({ payment_intent: id }) => <ShortId id={id} /> },
  };
}

function Mismatches() {
  const { t } = useTranslation('finance');
  const mismatches = api.useInfiniteQuery('get', '/api/finance/mismatches', { params: { query: {} } }, BY_CURSOR);
  const { first, last } = useCommonColumns();
  const columns: readonly Column<Alert>[] = [
    ...first,
    { key: 'field', header: t('alerts.field'), cell: ({ field }) => field ?? '–' },
    { key: 'expected', header: t('alerts.expected'), cell: ({ expected }) => expected ?? '–' },
    { key: 'received', header: t('alerts.received'), cell: ({ received }) => received ?? '–' },
    last,
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('alerts.mismatches')}
      </Title>
      <Text size="sm">{t('alerts.mismatchesText')}</Text>
      <PagedTable
        query={mismatches}
        lines={4}
        name="finance-mismatches"
        label={t('alerts.mismatches')}
        columns={columns}
        rowKey={({ payment_intent: id }) => id}
        empty={t('alerts.noMismatches')}
      />
    </Stack>
  );
}

function Warnings() {
  const { t } = useTranslation('finance');
  const warnings = api.useInfiniteQuery('get', '/api/finance/fraud-warnings', { params: { query: {} } }, BY_CURSOR);
  const { first, last } = useCommonColumns();
  const columns: readonly Column<Alert>[] = [
    ...first,
    { key: 'kind', header: t('alerts.kind'), cell: ({ fraud_type: kind }) => kind ?? '–' },
    last,
  ];
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('alerts.warnings')}
      </Title>
      <Text size="sm">{t('alerts.warningsText')}</Text>
      <PagedTable
        query={warnings}
        lines={4}
        name="finance-warnings"
        label={t('alerts.warnings')}
        columns={columns}
        rowKey={({ warning_id: id, payment_intent: intent }) => id ?? intent}
        empty={t('alerts.noWarnings')}
      />
    </Stack>
  );
}
