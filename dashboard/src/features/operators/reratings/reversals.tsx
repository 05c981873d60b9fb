import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../../api/client.ts';
import { Instant } from '../../../ui/instant.tsx';
import { Link } from '../../../ui/link.tsx';
import { QueryState } from '../../../ui/query-state.tsx';
import { RunStatus } from './run-status.tsx';

type Run = Schema<'ReratingRun'>;

/** What is decided next about a run as it stands. */
export const NEXT: Readonly<Record<Run['status'], readonly ('approve' | 'apply' | 'cancel')[]>> = {
  proposed: ['approve', 'cancel'],
  approved: ['apply', 'cancel'],
  completed: [],
  cancelled: [],
};
export const isOver = ({ status }: Run): boolean => NEXT[status].length === 0;

/** The runs that undo a run, the newest first. There are none of a run that is not over. */
export const useReversals = (run: Run) =>
  api.useQuery(
    'get',
    '/api/operator/reratings',
    { params: { query: { reverses: run.id, limit: 100 } } },
    { enabled: isOver(run) },
  );

/** Which runs undo a run, and how far they are. */
export function Reversals({ run }: { readonly run: Run }) {
  const { t } = useTranslation('operators');
  const reversals = useReversals(run);
  if (!isOver(run)) return null;
  return (
    <QueryState query={reversals} lines={1}>
      {({ data }) =>
        data.map(({ id, status, proposed_at: at }) => (
          <Text key={id} component="div">
            <Link underline="always" to="/operator/reratings/$id" params={{ id }}>
              {t('runs.reversedBy')}
            </Link>
            {' · '}
            <Instant at={at} /> <RunStatus status={status} />
          </Text>
        ))
      }
    </QueryState>
  );
}
