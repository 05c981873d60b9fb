import { Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { JobCard } from './job-card.tsx';
import { FOLLOWED, JobList } from './job-list.tsx';
import { JOB_STATUSES, type JobsSearch } from './searches.ts';

const operatorRoute = getRouteApi('/person/operator/jobs');
const financeRoute = getRouteApi('/person/finance/jobs');

const KINDS = [
  'verify',
  'replay',
  'replay_until',
  'rerating_dry_run',
  'rerating_proposal',
  'rerating_application',
  'rerating_reversal',
  'stripe_comparison',
  'provider_bill_import',
  'close_period',
] as const;
const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

/** All long work of operators, newest first: what runs, how it ended, and where its result is. */
export function JobsPage() {
  const navigate = operatorRoute.useNavigate();
  const { status } = operatorRoute.useSearch();
  return <Jobs audience="operator" status={status} onStatus={(search) => void navigate({ search, replace: true })} />;
}

/** The same of finance. */
export function FinanceJobsPage() {
  const navigate = financeRoute.useNavigate();
  const { status } = financeRoute.useSearch();
  return <Jobs audience="finance" status={status} onStatus={(search) => void navigate({ search, replace: true })} />;
}

export interface JobsProps {
  readonly audience: 'operator' | 'finance';
  readonly status: JobsSearch['status'];
  readonly onStatus: (search: JobsSearch) => void;
}

export function Jobs({ audience, status, onStatus }: JobsProps) {
  const { t } = useTranslation('ledger');
  const query = { status, limit: 10 };
  const jobs = api.useInfiniteQuery('get', `/api/${audience}/jobs`, { params: { query } }, FOLLOWED);
  const title = (kind: string) => (isOneOf(KINDS, kind) ? t(`job.kind.${kind}`) : kind);
  return (
    <Page title={t('job.title')} description={t(`job.description.${audience}`)}>
      <Select
        label={t('job.filter')}
        placeholder={t('job.every')}
        data={JOB_STATUSES.map((value) => ({ value, label: t(`job.status.${value}`) }))}
        value={status ?? null}
        onChange={(chosen) => onStatus(chosen === null ? {} : { status: chosen })}
        clearable
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
        maw={260}
      />
      <JobList query={jobs} empty={t(`job.none.${audience}`)}>
        {(job) => (
          <JobCard key={job.id} job={job} title={title(job.kind)} audience={audience}>
            {job.status === 'succeeded' && <ResultLink id={job.id} kind={job.kind} />}
          </JobCard>
        )}
      </JobList>
    </Page>
  );
}

/** The way to what a job has found. */
export function ResultLink({ id, kind }: { readonly id: string; readonly kind: string }) {
  const { t } = useTranslation('ledger');
  const text = t('job.result');
  switch (kind) {
    case 'verify':
      return (
        <Link to="/operator/integrity" size="sm">
          {text}
        </Link>
      );
    case 'replay':
      return (
        <Link to="/operator/projections" size="sm">
          {text}
        </Link>
      );
    case 'replay_until':
      return (
        <Link to="/operator/projections" search={{ past: id }} size="sm">
          {text}
        </Link>
      );
    case 'rerating_dry_run':
    case 'rerating_proposal':
    case 'rerating_reversal':
      return (
        <Link to="/operator/reratings/new" search={{ job: id }} size="sm">
          {text}
        </Link>
      );
    case 'stripe_comparison':
      return (
        <Link to="/finance/reconciliation" search={{ tab: 'days' }} size="sm">
          {text}
        </Link>
      );
    case 'provider_bill_import':
      return (
        <Link to="/finance/reconciliation" search={{ tab: 'providers' }} size="sm">
          {text}
        </Link>
      );
    case 'close_period':
      return (
        <Link to="/finance/close" size="sm">
          {text}
        </Link>
      );
    default:
      return null;
  }
}
