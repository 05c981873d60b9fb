import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Instant } from '../../../ui/instant.tsx';
import { Status } from '../../../ui/status.tsx';

type Dispute = Schema<'Dispute'>;

type Translate = ReturnType<typeof useTranslation<'finance'>>['t'];

/** How long there is until a deadline, in words. */
export function daysLeft(t: Translate, days: number): string {
  if (days < 0) return t('disputes.over');
  return days === 0 ? t('disputes.today') : t('disputes.daysLeft', { count: days });
}

/** Until when the bank takes evidence, and how long that is. */
export function Deadline({ dispute }: { readonly dispute: Dispute }) {
  const { t } = useTranslation('finance');
  const { status, evidence_due_at: due, evidence_days_left: left } = dispute;
  if (due === null || left === null) return <span>–</span>;
  if (status !== 'open') return <Instant at={due} style="date" />;
  return (
    <>
      <Instant at={due} /> <Status tone={left < 3 ? 'bad' : 'waiting'}>{daysLeft(t, left)}</Status>
    </>
  );
}
