import { Code, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { countText, Instant } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';
import { Money } from '../../../ui/money.tsx';
import { Page } from '../../../ui/page.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { Planned } from './planned.tsx';
import { Reversals } from './reversals.tsx';
import { RunActs } from './run-acts.tsx';
import { RunJob } from './run-job.tsx';
import { RunStatus } from './run-status.tsx';
import { RunTotals } from './run-totals.tsx';

type Run = Schema<'ReratingRun'>;

const route = getRouteApi('/person/operator/reratings/$id');

/** A re-rating: what it would change or has changed, who decided, and what can be done about it. */
export function ReratingPage() {
  const { t } = useTranslation('operators');
  const { id } = route.useParams();
  const run = api.useQuery('get', '/api/operator/reratings/{id}', { params: { path: { id } } });
  return (
    <Page
      title={run.data?.price_version === null ? t('runs.reversal') : t('runs.one')}
      description={run.data && <RunStatus status={run.data.status} />}
      actions={run.data && <RunActs run={run.data} />}
    >
      <Link to="/operator/reratings">{t('runs.back')}</Link>
      <QueryState query={run} lines={8}>
        {(shown) => <RunView run={shown} />}
      </QueryState>
    </Page>
  );
}

function RunView({ run }: { readonly run: Run }) {
  const { t } = useTranslation('operators');
  const { planned, applied } = run;
  return (
    <Stack gap="lg">
      <Facts run={run} />
      <Reversals run={run} />
      <RunJob run={run} />
      <Planned planned={planned} />
      {run.status !== 'proposed' && (
        <Text>
          {t('runs.applied', { accounts: countText(applied.accounts), charges: countText(applied.charges) })}{' '}
          <Money amount={applied.difference} whole />
        </Text>
      )}
      <RunTotals of="reratings" id={run.id} />
    </Stack>
  );
}

function Facts({ run }: { readonly run: Run }) {
  const { t } = useTranslation('operators');
  const { price_version: version, reverses } = run;
  return (
    <Stack gap={4}>
      <Text>
        {version !== null && (
          <Link underline="always" to="/operator/prices/$version" params={{ version: String(version) }}>
            {t('prices.versionOf', { version })}
          </Link>
        )}
        {reverses !== null && (
          <Link underline="always" to="/operator/reratings/$id" params={{ id: reverses }}>
            {t('runs.reverses')}
          </Link>
        )}
        {' · '}
        <Instant at={run.from} /> – <Instant at={run.to} />
        {run.account_id !== null && (
          <>
            {' · '}
            <Link underline="always" to="/operator/accounts/$id" params={{ id: run.account_id }}>
              <Code>{run.account_id}</Code>
            </Link>
          </>
        )}
        {run.model !== null && (
          <>
            {' · '}
            <Code>{run.model}</Code>
          </>
        )}
      </Text>
      <Text>{t(`runs.policies.${run.policy}`)}</Text>
      <Text>
        {t('runs.proposedBy')} <Code>{run.proposed_by}</Code> <Instant at={run.proposed_at} />: {run.reason}
      </Text>
      {run.approved_by !== null && (
        <Text>
          {t('runs.approvedBy')} <Code>{run.approved_by}</Code>
          {run.approval_reason !== null && <>: {run.approval_reason}</>}
        </Text>
      )}
      {run.cancelled_by !== null && (
        <Text>
          {t('runs.cancelledBy')} <Code>{run.cancelled_by}</Code> <Instant at={run.ended_at} />: {run.cancelled_for}
        </Text>
      )}
    </Stack>
  );
}
