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

const KINDS = ['verify', 'replay', 'rerating_proposal', 'rerating_application', 'rerating_reversal'] as const;
const RESULTS = { verify: '/operator/integrity', replay: '/operator/projections' } as const;
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
            {(job.kind === 'verify' || job.kind === 'replay') && job.status === 'succeeded' && (
              <Link to={RESULTS[job.kind]} size="sm">
                {t('job.result')}
              </Link>
            )}
          </JobCard>
        )}
      </JobList>
    </Page>
  );
}
