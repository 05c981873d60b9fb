import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Status } from '../../ui/status.tsx';
import type { Role } from './next.ts';

export function usePeopleColumns(): readonly Column<Schema<'Person'>>[] {
  const { t } = useTranslation('identity');
  return [
    {
      key: 'email',
      header: t('email'),
      cell: ({ email, user_id: id }) => (
        <Link
          to="/operator/people/$id"
          params={{ id }}
          style={{ display: 'inline-block', minWidth: 190, overflowWrap: 'anywhere' }}
        >
          {email}
        </Link>
      ),
    },
    { key: 'roles', header: t('people.role'), cell: ({ roles }) => <Roles roles={roles} /> },
    {
      key: 'verified',
      header: t('people.address'),
      cell: ({ email_verified: is }) => (
        <Status tone={is ? 'good' : 'waiting'}>{t(is ? 'people.confirmed' : 'people.unconfirmed')}</Status>
      ),
    },
    {
      key: 'factor',
      header: t('factor.title'),
      cell: ({ second_factor: is }) => (
        <Status tone={is ? 'good' : 'neutral'}>{t(is ? 'factor.on' : 'factor.off')}</Status>
      ),
    },
    { key: 'created', header: t('people.registered'), cell: ({ created }) => <Instant at={created} /> },
    { key: 'account', header: t('people.account'), cell: ({ account_id: id }) => <Id>{id}</Id>, isExtra: true },
    { key: 'user', header: t('people.user'), cell: ({ user_id: id }) => <Id>{id}</Id>, isExtra: true },
  ];
}

const Id = ({ children }: { readonly children: string }) => (
  <Text span ff="monospace" size="sm">
    {children}
  </Text>
);

/** The roles of somebody in words; customers have none. */
export function Roles({ roles }: { readonly roles: readonly Role[] }) {
  const { t } = useTranslation('identity');
  if (roles.length === 0) return <Text span>{t('people.customer')}</Text>;
  return (
    <Group gap="sm">
      {roles.map((role) => (
        <Text key={role} span fw={600}>
          {t(`people.roles.${role}`)}
        </Text>
      ))}
    </Group>
  );
}
