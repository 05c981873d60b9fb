import { Group, NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { makerName } from './names.ts';
import { usePriceColumns } from './price-columns.tsx';
import type { PricingSearch } from './pricing-search.ts';

const route = getRouteApi('/public/pricing');
type Prices = Schema<'PublicPriceList'>;

export function PricingPage() {
  const { t } = useTranslation('visitors');
  const prices = api.useQuery('get', '/api/prices');
  return (
    <Page title={t('pricing.title')} description={t('pricing.description')}>
      <QueryState query={prices} lines={16}>
        {(list) => (
          <Stack gap="md">
            <Text size="sm">
              {t('pricing.version', { version: list.version })} <Instant at={list.effective_from} style="date" />
              {list.next_from !== null && (
                <>
                  {' · '}
                  {t('pricing.next')} <Instant at={list.next_from} />
                </>
              )}
            </Text>
            <PriceTable list={list} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function PriceTable({ list }: { readonly list: Prices }) {
  const { t } = useTranslation('visitors');
  const search = route.useSearch();
  const rows = list.data.filter((model) => fits(model, search));
  return (
    <>
      <DataTable
        name="prices"
        label={t('pricing.table')}
        columns={usePriceColumns()}
        rows={rows}
        rowKey={({ model }) => model}
        empty={t('pricing.none')}
        filters={<Filters list={list} />}
      />
      <Text size="sm" c="dimmed" aria-live="polite">
        {t('pricing.shown', { shown: countText(rows.length), all: countText(list.data.length) })}
      </Text>
    </>
  );
}

function Filters({ list }: { readonly list: Prices }) {
  const { t } = useTranslation('visitors');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (more: Partial<Record<keyof PricingSearch, unknown>>) =>
    void navigate({ search: { ...search, ...more } as PricingSearch, replace: true, resetScroll: false });
  const kinds = [...new Set(list.data.map(({ kind }) => kind))];
  return (
    <Group align="flex-end" gap="sm">
      <TextInput
        label={t('pricing.search')}
        placeholder="gpt, claude, qwen …"
        type="search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search.search ?? ''}
        onChange={(event) => change({ search: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('pricing.provider')}
        value={search.provider ?? ''}
        onChange={(event) => change({ provider: event.currentTarget.value })}
        data={[
          { value: '', label: t('pricing.everyProvider') },
          ...list.providers.map((maker) => ({ value: maker, label: makerName(maker) })),
        ]}
      />
      <NativeSelect
        label={t('pricing.kind')}
        value={search.kind ?? ''}
        onChange={(event) => change({ kind: event.currentTarget.value })}
        data={[
          { value: '', label: t('pricing.everyKind') },
          ...kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
        ]}
      />
      <Switch
        label={t('pricing.all')}
        checked={search.all === true}
        onChange={(event) => change({ all: event.currentTarget.checked })}
        pb={6}
      />
    </Group>
  );
}

/** Whether a model is what the filters ask for: every word of the search in its id, names or maker. */
export function fits(model: Schema<'PricedModel'>, { search = '', provider, kind, all }: PricingSearch): boolean {
  const text = [model.model, model.name, model.provider, makerName(model.provider), ...model.aliases]
    .join(' ')
    .toLowerCase();
  const words = search.toLowerCase().split(/\s+/);
  return (
    (all === true || model.available) &&
    (provider === undefined || model.provider === provider) &&
    (kind === undefined || model.kind === kind) &&
    words.every((word) => text.includes(word))
  );
}
