import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery, queryClient, type Schema } from '../../../api/client.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { isOver, NEXT, useReversals } from './reversals.tsx';

type Run = Schema<'ReratingRun'>;
type Act = 'approve' | 'apply' | 'cancel' | 'reverse';

/**
 * What a run has changed can be put back, also where it was cancelled on the way, by one run at a time; what changed nothing can't.
 * `reversals` is undefined while they are not known.
 */
const actsOf = (run: Run, reversals: readonly Run[] | undefined): readonly Act[] =>
  run.applied.charges > 0 && reversals?.every(isOver) ? ['reverse'] : NEXT[run.status];

export const runChanged = () =>
  queryClient.invalidateQueries({ predicate: ({ queryKey: [, path] }) => String(path).includes('/reratings') });

/** What can be done about a run as it stands; the person who proposed it does not approve it. */
export function RunActs({ run }: { readonly run: Run }) {
  const { t } = useTranslation('operators');
  const { data: me } = useQuery(meQuery, queryClient);
  const [asked, setAsked] = useState<Act>();
  const decide = useDecisions(run);
  const isMine = me?.user_id === run.proposed_by;
  const acts = actsOf(run, useReversals(run).data?.data).filter((act) => act !== 'approve' || !isMine);
  return (
    <>
      {run.status === 'proposed' && isMine && <Text size="sm">{t('runs.byYou')}</Text>}
      {acts.map((act) => (
        <Button
          key={act}
          variant={act === 'approve' || act === 'apply' ? 'filled' : 'default'}
          onClick={() => setAsked(act)}
        >
          {t(`runs.acts.${act}`)}
        </Button>
      ))}
      {asked !== undefined && (
        <Confirm
          opened
          onClose={() => setAsked(undefined)}
          title={t(`runs.acts.${asked}`)}
          act={t(`runs.acts.${asked}`)}
          isDestructive={asked === 'cancel'}
          {...(asked !== 'apply' && { reason: t('suspend.reason') })}
          onConfirm={(reason) => decide(asked, reason)}
        >
          {t(`runs.whatActDoes.${asked}`, { count: run.planned.accounts })}
        </Confirm>
      )}
    </>
  );
}

function useDecisions({ id }: Run): (act: Act, reason: string) => Promise<unknown> {
  const navigate = useNavigate();
  const onSuccess = runChanged;
  const approve = api.useMutation('post', '/api/operator/reratings/{id}/approve', { onSuccess });
  const cancel = api.useMutation('post', '/api/operator/reratings/{id}/cancel', { onSuccess });
  const apply = api.useMutation('post', '/api/operator/reratings/{id}/apply', { onSuccess });
  const reverse = api.useMutation('post', '/api/operator/reratings/{id}/reverse');
  const params = { path: { id } };
  return async (act, reason) => {
    if (act === 'approve') return approve.mutateAsync({ params, body: { reason } });
    if (act === 'cancel') return cancel.mutateAsync({ params, body: { reason } });
    if (act === 'reverse') {
      const { id: job } = await reverse.mutateAsync({ params, body: { reason } });
      return navigate({ to: '/operator/reratings/new', search: { job } });
    }
    const { id: job } = await apply.mutateAsync({ params });
    return navigate({ to: '/operator/reratings/$id', params: { id }, search: { job }, replace: true });
  };
}
