import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Status } from '../../../ui/status.tsx';

const TONES = { scheduled: 'waiting', in_force: 'good', superseded: 'neutral', withdrawn: 'bad' } as const;

/** Whether calls are, will be or were priced by a version. */
export function VersionState({ state }: Pick<Schema<'PriceListVersion'>, 'state'>) {
  const { t } = useTranslation('operators');
  return <Status tone={TONES[state]}>{t(`prices.states.${state}`)}</Status>;
}
