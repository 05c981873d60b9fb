import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { JobProgress } from '../../../ui/job-progress.tsx';
import { runChanged } from './run-acts.tsx';

type Run = Schema<'ReratingRun'>;

const route = getRouteApi('/person/operator/reratings/$id');
const UNDER_WAY = ['queued', 'running'];

/** How far the application of a run is: the one that was started here, or one that somebody else has started. */
export function RunJob({ run }: { readonly run: Run }) {
  const { job } = route.useSearch();
  const isApplied = run.status === 'approved' || job !== undefined;
  return isApplied ? <Application run={run} started={job} /> : null;
}

function Application({ run: { id }, started }: { readonly run: Run; readonly started: string | undefined }) {
  const jobs = api.useQuery('get', '/api/operator/jobs', {}, { enabled: started === undefined });
  const other = jobs.data?.data.find(
    ({ kind, input, status }) =>
      kind === 'rerating_application' && input['rerating_id'] === id && UNDER_WAY.includes(status),
  );
  const job = started ?? other?.id;
  if (job === undefined) return null;
  return (
    <JobProgress id={job} audience="operator">
      {() => <Done />}
    </JobProgress>
  );
}

function Done() {
  const { t } = useTranslation('operators');
  useEffect(() => void runChanged(), []);
  return <Text role="status">{t('runs.done')}</Text>;
}
