import { List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { countText } from '../../ui/instant.tsx';
import { JobCard } from './job-card.tsx';
import { FOLLOWED, JobList } from './job-list.tsx';

type Replay = Schema<'ReplayRun'>;

/** What was rebuilt and compared, newest first, with progress while it runs. */
export function Replays() {
  const { t } = useTranslation('ledger');
  const runs = api.useInfiniteQuery('get', '/api/operator/replays', { params: { query: { limit: 5 } } }, FOLLOWED);
  return (
    <JobList query={runs} empty={t('projections.noRuns')}>
      {(run) => <ReplayCard key={run.id} run={run} />}
    </JobList>
  );
}

const MOST_NAMED = 3;

function ReplayCard({ run }: { readonly run: Replay }) {
  const { t } = useTranslation('ledger');
  const { views, diff, result } = run;
  const names = views.length > MOST_NAMED ? t('projections.some', { count: views.length }) : views.join(', ');
  return (
    <JobCard job={run} title={t(diff ? 'projections.compareTitle' : 'projections.rebuildTitle', { names })}>
      {result !== null && <ReplayResult result={result} diff={diff} />}
    </JobCard>
  );
}

export function ReplayResult({ result, diff }: { readonly result: Schema<'ReplayResult'>; readonly diff: boolean }) {
  const { t } = useTranslation('ledger');
  const { views, differences = [] } = result;
  const failures = views.filter(({ failure }) => failure !== undefined);
  const differing = views.filter(({ differences: count }) => count !== undefined && count > 0);
  return (
    <Stack gap="xs">
      {failures.map(({ view, failure }) => (
        <Text size="sm" key={view}>
          {t('projections.failed', { name: view })} {inWords(failure ?? '')}
        </Text>
      ))}
      {failures.length === 0 && !diff && <Text size="sm">{t('projections.rebuilt', { count: views.length })}</Text>}
      {failures.length === 0 && diff && differing.length === 0 && (
        <Text size="sm">{t('projections.same', { count: views.length })}</Text>
      )}
      {differing.map(({ view, differences: count = 0 }) => (
        <Text size="sm" key={view}>
          {t('projections.differ', { name: view, differences: countText(count) })}
        </Text>
      ))}
      {differences.length > 0 && (
        <List size="sm">
          {differences.map((sentence) => (
            <List.Item key={sentence}>{inWords(sentence)}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
