import { Button, Group, Select, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type EventType, TYPE_GROUPS } from './event-words.ts';
import type { LedgerSearch } from './searches.ts';

const route = getRouteApi('/person/account/ledger');
const GROUPS = Object.entries(TYPE_GROUPS) as [keyof typeof TYPE_GROUPS, readonly EventType[]][];

/** Which events are shown; the address holds it. */
export function LedgerFilters() {
  const { t } = useTranslation('ledger');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<LedgerSearch>) =>
    void navigate({ search: { ...search, ...changed }, replace: true, resetScroll: false });
  const types = GROUPS.map(([group, items]) => ({
    group: t(`group.${group}`),
    items: items.map((value) => ({ value, label: t(`type.${value}`) })),
  }));
  const isFiltered = search.type !== undefined || search.from !== undefined || search.to !== undefined;
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={t('filter.type')}
        placeholder={t('filter.everything')}
        data={types}
        value={search.type ?? null}
        onChange={(type) => change({ type: type ?? undefined })}
        clearable
        searchable
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
        w={260}
      />
      <TextInput
        type="date"
        label={t('filter.from')}
        value={search.from ?? ''}
        onChange={({ currentTarget: { value } }) => change({ from: value || undefined })}
      />
      <TextInput
        type="date"
        label={t('filter.to')}
        value={search.to ?? ''}
        onChange={({ currentTarget: { value } }) => change({ to: value || undefined })}
      />
      {isFiltered && (
        <Button variant="subtle" onClick={() => change({ type: undefined, from: undefined, to: undefined })}>
          {t('filter.clear')}
        </Button>
      )}
    </Group>
  );
}
