import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { SearchHits } from './search-hits.tsx';

const route = getRouteApi('/person/finance/search');
const SHORTEST = 2;

export function FinanceSearchPage() {
  const navigate = route.useNavigate();
  return <FinanceSearch q={route.useSearch().q} setQ={(q) => void navigate({ search: { q } })} />;
}

export interface FinanceSearchProps {
  readonly q: string | undefined;
  readonly setQ: (q: string | undefined) => void;
}

const TYPES = ['account', 'topup', 'refund', 'dispute', 'payout', 'invoice', 'reconciliation_item'] as const;
type Hit = Schema<'SearchHit'>;

/** Finds whatever a text may mean. */
export function FinanceSearch({ q, setQ }: FinanceSearchProps) {
  const { t } = useTranslation('finance');
  const isAsked = q !== undefined && q.length >= SHORTEST;
  const found = api.useQuery('get', '/api/finance/search', { params: { query: { q: q ?? '' } } }, { enabled: isAsked });
  return (
    <Page title={t('search.title')} description={t('search.description')}>
      <SearchForm key={q} q={q} setQ={setQ} />
      {isAsked && (
        <QueryState query={found} lines={8} empty={t('search.nothing')} isEmpty={({ data }) => data.length === 0}>
          {({ data, has_more: hasMore }) => (
            <Stack gap="lg">
              {TYPES.map((type) => (
                <OfType key={type} type={type} hits={data.filter((hit) => hit.type === type)} />
              ))}
              {hasMore && <Text size="sm">{t('search.more')}</Text>}
            </Stack>
          )}
        </QueryState>
      )}
    </Page>
  );
}

function SearchForm({ q, setQ }: FinanceSearchProps) {
  const { t } = useTranslation('finance');
  const [text, setText] = useState(q ?? '');
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQ(text.trim() === '' ? undefined : text.trim());
      }}
    >
      <Group align="flex-end">
        <TextInput
          type="search"
          label={t('search.label')}
          description={t('search.hint')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          style={{ flex: 1, minWidth: '14rem' }}
        />
        <Button type="submit" leftSection={<IconSearch size={16} aria-hidden />}>
          {t('search.button')}
        </Button>
      </Group>
    </form>
  );
}

function OfType({ type, hits }: { readonly type: Hit['type']; readonly hits: readonly Hit[] }) {
  const { t } = useTranslation('finance');
  if (hits.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t(`search.types.${type}`)}
      </Title>
      <SearchHits label={t(`search.types.${type}`)} hits={hits} />
    </Stack>
  );
}
