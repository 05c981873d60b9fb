import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { daysAgo, type UsageSearch } from './usage-search.ts';
import { useModels } from './use-models.ts';

export interface UsageFiltersProps {
  readonly search: UsageSearch;
  readonly change: (changed: { readonly [Name in keyof UsageSearch]: UsageSearch[Name] | undefined }) => void;
}

const STATUSES = ['charged', 'released', 'open'] as const;
/** Periods that end today, in days. */
const LAST_DAYS = [1, 7, 30] as const;
const MOST_KEYS = 100;
const NOTHING = {
  from: undefined,
  to: undefined,
  model: undefined,
  key_id: undefined,
  status: undefined,
  request_id: undefined,
};

/** What is shown of the calls. The address says the same. */
export function UsageFilters({ search, change }: UsageFiltersProps) {
  const { t } = useTranslation('usage');
  const models = useModels(search.model === undefined ? [] : [search.model]);
  const keys = api.useQuery('get', '/api/keys', { params: { query: { limit: MOST_KEYS } } });
  const listed = (keys.data?.data ?? []).map(({ id, name, last4 }) => ({ value: id, label: `${name} (…${last4})` }));
  const { from, to, model, key_id: keyId, status, request_id: requestId } = search;
  // Of many keys only the newest are listed; one that an older link names is shown by its id.
  const isListed = keyId === undefined || listed.some(({ value }) => value === keyId);
  const keyNames = isListed ? listed : [{ value: keyId, label: keyId }, ...listed];
  const isFiltered = [from, to, model, keyId, status, requestId].some((value) => value !== undefined);
  return (
    <Stack component="section" aria-label={t('usage.filters')} align="flex-start" gap="sm">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" w="100%">
        <TextInput
          type="date"
          label={t('usage.from')}
          value={from ?? ''}
          onChange={({ currentTarget: { value } }) => change({ from: value || undefined })}
        />
        <TextInput
          type="date"
          label={t('usage.to')}
          value={to ?? ''}
          onChange={({ currentTarget: { value } }) => change({ to: value || undefined })}
        />
        <Select
          label={t('column.model')}
          placeholder={t('usage.all')}
          data={models}
          value={model ?? null}
          onChange={(value) => change({ model: value ?? undefined })}
          searchable
          clearable
        />
        <Select
          label={t('column.key')}
          placeholder={t('usage.all')}
          data={keyNames}
          value={keyId ?? null}
          onChange={(value) => change({ key_id: value ?? undefined })}
          searchable
          clearable
        />
        <Select
          label={t('column.status')}
          placeholder={t('usage.all')}
          data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={status ?? null}
          onChange={(value) => change({ status: STATUSES.find((each) => each === value) })}
          clearable
        />
        <TextInput
          key={requestId ?? ''}
          label={t('column.request')}
          defaultValue={requestId ?? ''}
          onBlur={({ currentTarget: { value } }) => change({ request_id: value.trim() || undefined })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') change({ request_id: event.currentTarget.value.trim() || undefined });
          }}
        />
      </SimpleGrid>
      <Group gap="xs">
        <LastDays search={search} change={change} />
        {isFiltered && (
          <Button variant="default" size="xs" onClick={() => change(NOTHING)}>
            {t('usage.clear')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function LastDays({ search: { from, to }, change }: UsageFiltersProps) {
  const { t } = useTranslation('usage');
  return LAST_DAYS.map((days) => {
    const first = daysAgo(days - 1);
    const isChosen = from === first && to === undefined;
    return (
      <Button
        key={days}
        variant={isChosen ? 'light' : 'default'}
        size="xs"
        aria-pressed={isChosen}
        onClick={() => change({ from: first, to: undefined })}
      >
        {days === 1 ? t('usage.today') : t('usage.lastDays', { days })}
      </Button>
    );
  });
}
