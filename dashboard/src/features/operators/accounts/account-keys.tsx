import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { Money } from '../../../ui/money.tsx';
import { Status } from '../../../ui/status.tsx';

type Account = Schema<'AccountAsOf'>;

/** The keys of an account. Nobody sees their secrets: only a hash is kept. */
export function AccountKeys({ keys }: Pick<Account, 'keys'>) {
  const { t } = useTranslation('operators');
  return (
    <DataTable
      name="operator-keys"
      label={t('account.tabs.keys')}
      rows={keys}
      rowKey={({ id }) => id}
      empty={t('account.noKeys')}
      columns={[
        { key: 'name', header: t('account.keyName'), cell: ({ name }) => name },
        { key: 'hint', header: t('account.keyHint'), cell: ({ last4 }) => <Code>{`sk-th_…${last4}`}</Code> },
        {
          key: 'state',
          header: t('accounts.state'),
          cell: ({ status }) => (
            <Status tone={status === 'active' ? 'good' : 'neutral'}>{t(`account.keyStates.${status}`)}</Status>
          ),
        },
        { key: 'spent', header: t('accounts.spent'), isNumeric: true, cell: ({ spent }) => <Money amount={spent} /> },
        { key: 'issued', header: t('account.issued'), cell: ({ issued_at: at }) => <Instant at={at} /> },
        {
          key: 'expires',
          header: t('account.expires'),
          cell: ({ expires_at: at }) => (at === null ? t('account.never') : <Instant at={at} />),
        },
        { key: 'id', header: t('account.keyId'), isExtra: true, cell: ({ id }) => <Code>{id}</Code> },
      ]}
    />
  );
}
