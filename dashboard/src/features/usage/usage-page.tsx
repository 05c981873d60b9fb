import { Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLive } from '../../api/live.ts';
import { defined } from '../../ui/address.ts';
import { Page } from '../../ui/page.tsx';
import { CallsTable } from './calls-table.tsx';
import { UsageFilters } from './usage-filters.tsx';
import { UsageReport } from './usage-report.tsx';
import type { UsageSearch } from './usage-search.ts';

const route = getRouteApi('/person/account/usage');

export function UsagePage() {
  const { t } = useTranslation('usage');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  useLive();
  const change = (changed: { readonly [Name in keyof UsageSearch]: UsageSearch[Name] | undefined }) =>
    void navigate({ search: (before: UsageSearch) => defined({ ...before, ...changed }), replace: true });
  return (
    <Page title={t('usage.title')} description={t('usage.description')}>
      <Stack gap="xl">
        <UsageFilters search={search} change={change} />
        <UsageReport search={search} change={change} />
        <CallsTable search={search} />
      </Stack>
    </Page>
  );
}
