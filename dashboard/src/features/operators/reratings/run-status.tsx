import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Status } from '../../../ui/status.tsx';

const TONES = { proposed: 'waiting', approved: 'waiting', completed: 'good', cancelled: 'neutral' } as const;

/** How far a re-rating is. */
export function RunStatus({ status }: Pick<Schema<'ReratingRun'>, 'status'>) {
  const { t } = useTranslation('operators');
  return <Status tone={TONES[status]}>{t(`runs.states.${status}`)}</Status>;
}
