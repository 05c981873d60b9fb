import { Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { JobCard } from './job-card.tsx';
import { FOLLOWED, JobList } from './job-list.tsx';
import { JOB_STATUSES } from './searches.ts';

const route = getRouteApi('/person/operator/jobs');

const KINDS = [
  'verify',
  'replay',
  'replay_until',
  'rerating_dry_run',
  'rerating_proposal',
  'rerating_application',
  'rerating_reversal',
] as const;
const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

/** All long work of operators, newest first: what runs, how it ended, and where its result is. */
export function JobsPage() {
  const { t } = useTranslation('ledger');
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { status, limit: 10 };
  const jobs = api.useInfiniteQuery('get', '/api/operator/jobs', { params: { query } }, FOLLOWED);
  const title = (kind: string) => (isOneOf(KINDS, kind) ? t(`job.kind.${kind}`) : kind);
  return (
    <Page title={t('job.title')} description={t('job.description')}>
      <Select
        label={t('job.filter')}
        placeholder={t('job.every')}
        data={JOB_STATUSES.map((value) => ({ value, label: t(`job.status.${value}`) }))}
        value={status ?? null}
        onChange={(chosen) => void navigate({ search: chosen === null ? {} : { status: chosen }, replace: true })}
        clearable
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
        maw={260}
      />
      <JobList query={jobs} empty={t('job.none')}>
        {(job) => (
          <JobCard key={job.id} job={job} title={title(job.kind)}>
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
    default:
      return null;
  }
}
