import { useTranslation } from 'react-i18next';
import { api, queryClient } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';

export interface ReplayWish {
  /** By name; all of them without any. */
  readonly views: readonly string[];
  /** Whether they are compared only. */
  readonly diff: boolean;
}

const refetchReplays = (): Promise<unknown> =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['get', '/api/operator/replays'] }),
    queryClient.invalidateQueries({ queryKey: ['get', '/api/operator/projections'] }),
  ]);

/** Asks once before read models are rebuilt or compared, saying what happens. */
export function StartReplay({
  wish,
  onClose,
}: {
  readonly wish: ReplayWish | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('ledger');
  const replay = api.useMutation('post', '/api/operator/replays', { onSuccess: refetchReplays });
  const { views = [], diff = false } = wish ?? {};
  const names = views.length === 0 ? t('projections.all') : views.join(', ');
  return (
    <Confirm
      opened={wish !== undefined}
      onClose={onClose}
      title={t(diff ? 'projections.compareTitle' : 'projections.rebuildTitle', { names })}
      act={t(diff ? 'projections.compare' : 'projections.rebuild')}
      onConfirm={() => replay.mutateAsync({ body: { views: [...views], diff } })}
    >
      {t(diff ? 'projections.whatCompareDoes' : 'projections.whatRebuildDoes')}
    </Confirm>
  );
}
