import { Button, Group, Select, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import { Page } from '../../ui/page.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { valuesOf } from './fields.tsx';
import { ROLES, roleOf } from './next.ts';
import { usePeopleColumns } from './people-columns.tsx';

/** Who uses this service, for operators. */
export function PeoplePage() {
  const { t } = useTranslation('identity');
  const query = useSearch({ from: '/person/operator/people' });
  const people = api.useInfiniteQuery('get', '/api/operator/people', { params: { query } }, BY_CURSOR);
  const columns = usePeopleColumns();
  return (
    <Page title={t('people.title')} description={t('people.description')}>
      <PeopleFilters />
      <PagedTable
        query={people}
        lines={8}
        name="people"
        label={t('people.title')}
        columns={columns}
        rowKey={({ user_id: id }) => id}
        empty={t('people.empty')}
      />
    </Page>
  );
}

function PeopleFilters() {
  const { t } = useTranslation('identity');
  const { q, role } = useSearch({ from: '/person/operator/people' });
  const navigate = useNavigate({ from: '/operator/people' });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = valuesOf(event.currentTarget)['q']?.trim();
    void navigate({ search: (before) => ({ ...before, q: wanted || undefined }), replace: true });
  };
  const ofRole = (value: string | null) => {
    void navigate({ search: (before) => ({ ...before, role: roleOf(value) }), replace: true });
  };
  return (
    <Group align="flex-end" gap="sm">
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            key={q ?? ''}
            type="search"
            label={t('people.search')}
            name="q"
            defaultValue={q ?? ''}
            w={300}
            maw="100%"
          />
          <Button type="submit" variant="default">
            {t('people.find')}
          </Button>
        </Group>
      </form>
      <Select
        label={t('people.role')}
        placeholder={t('people.everybody')}
        data={ROLES.map((value) => ({ value, label: t(`people.roles.${value}`) }))}
        value={role ?? null}
        onChange={ofRole}
        clearable
      />
    </Group>
  );
}
