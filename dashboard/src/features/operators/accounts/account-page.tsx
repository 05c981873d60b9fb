import { Alert, Code, Group, Stack, Tabs } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Instant, instantText } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';
import { Page } from '../../../ui/page.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { ACCOUNT_TABS, type AccountTab } from '../searches.ts';
import { AccountActs } from './account-acts.tsx';
import { AccountCalls } from './account-calls.tsx';
import { AccountCorrections } from './account-corrections.tsx';
import { AccountCredit } from './account-credit.tsx';
import { AccountEntries } from './account-entries.tsx';
import { AccountFigures } from './account-figures.tsx';
import { AccountKeys } from './account-keys.tsx';
import { AccountPayments } from './account-payments.tsx';
import { AccountState } from './account-state.tsx';
import { AsOf } from './as-of.tsx';

type Account = Schema<'AccountAsOf'>;

const route = getRouteApi('/person/operator/accounts/$id');

export function AccountPage() {
  const { id } = route.useParams();
  const { as_of } = route.useSearch();
  const query = as_of === undefined ? {} : { as_of };
  const account = api.useQuery('get', '/api/operator/accounts/{id}', { params: { path: { id }, query } });
  const { t } = useTranslation('operators');
  const title = account.data?.owner?.email ?? t('account.title');
  const description = (
    <Group gap="sm">
      <Code>{id}</Code>
      <CopyButton text={id} />
      {account.data !== undefined && <AccountState state={stateOf(account.data)} />}
    </Group>
  );
  const acts = account.data !== undefined && as_of === undefined ? <AccountActs account={account.data} /> : undefined;
  return (
    <Page title={title} description={description} actions={acts}>
      <Link to="/operator/accounts">{t('account.back')}</Link>
      <QueryState query={account} lines={10}>
        {(shown) => <AccountView account={shown} asOf={as_of} />}
      </QueryState>
    </Page>
  );
}

const stateOf = ({ suspended, closed }: Account) => (closed ? 'closed' : suspended ? 'suspended' : 'active');

function AccountView({ account, asOf }: { readonly account: Account; readonly asOf: string | undefined }) {
  const { t } = useTranslation('operators');
  const navigate = route.useNavigate();
  const { tab = 'credit' } = route.useSearch();
  const go = (next: string | null) =>
    void navigate({ search: { tab: ACCOUNT_TABS.find((each) => each === next), as_of: asOf } });
  return (
    <Stack gap="lg">
      <Suspension account={account} />
      {account.frozen && (
        <Alert role="note" color="red" icon={<IconInfoCircle aria-hidden />} title={t('account.frozen')}>
          {t('account.frozenText')}
        </Alert>
      )}
      <AsOf key={asOf ?? ''} value={asOf} onChange={(as_of) => void navigate({ search: { tab, as_of } })} />
      {asOf !== undefined && (
        <Alert
          role="note"
          icon={<IconInfoCircle aria-hidden />}
          title={t('account.past', { at: instantText(asOf, 'second') })}
        >
          {t('account.pastWhat')}
        </Alert>
      )}
      <AccountFigures account={account} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md">
          {ACCOUNT_TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`account.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Part tab={tab} account={account} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Part({ tab, account }: { readonly tab: AccountTab; readonly account: Account }) {
  switch (tab) {
    case 'credit':
      return <AccountCredit account={account} />;
    case 'calls':
      return <AccountCalls id={account.id} />;
    case 'entries':
      return <AccountEntries id={account.id} />;
    case 'payments':
      return <AccountPayments id={account.id} />;
    case 'keys':
      return <AccountKeys keys={account.keys} />;
    case 'corrections':
      return <AccountCorrections id={account.id} />;
  }
}

function Suspension({ account: { suspension } }: { readonly account: Account }) {
  const { t } = useTranslation('operators');
  if (suspension === null) return null;
  return (
    <Alert role="note" color="red" icon={<IconInfoCircle aria-hidden />} title={t('account.suspended')}>
      {suspension.reason} (<Instant at={suspension.at} />
      {suspension.by !== null && (
        <>
          {' · '}
          <Code>{suspension.by}</Code>
        </>
      )}
      )
    </Alert>
  );
}
