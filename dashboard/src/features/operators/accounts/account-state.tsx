import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Status, type Tone } from '../../../ui/status.tsx';

type State = Schema<'AccountSummary'>['state'];
const TONES: Readonly<Record<State, Tone>> = { active: 'good', suspended: 'bad', closed: 'neutral' };

/** Whether an account can be used. */
export function AccountState({ state }: { readonly state: State }) {
  const { t } = useTranslation('operators');
  return <Status tone={TONES[state]}>{t(`accounts.states.${state}`)}</Status>;
}
