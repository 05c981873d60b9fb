// Parts of a call, as tables show them.
import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { countText } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money, shortMoney, wholeMoney } from '../../ui/money.tsx';
import { releaseReason } from '../../ui/release-reason.ts';
import { Status } from '../../ui/status.tsx';

export type Call = Schema<'Charge'>;

const TONES = { open: 'waiting', charged: 'good', released: 'neutral' } as const;

/** What became of a call; of one that was not charged, why. */
export function CallState({ call: { status, release_reason: reason } }: { readonly call: Call }) {
  const { t } = useTranslation('usage');
  const shown = <Status tone={TONES[status]}>{t(`status.${status}`)}</Status>;
  if (status !== 'released') return shown;
  const why = t(`reason.${releaseReason(reason) ?? 'other'}`);
  return (
    <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span tabIndex={0} role="note" aria-label={`${t('status.released')}: ${why}`}>
        {shown}
      </span>
    </Tooltip>
  );
}

/** What a call cost, and the way to why: every multiplication, and its place in the ledger. */
export function CallCost({ call: { id, cost } }: { readonly call: Call }) {
  const { t } = useTranslation('usage');
  if (cost === null) return <Money amount={cost} />;
  const [shown, why] = [shortMoney(cost), t('why', { cost: wholeMoney(cost) })];
  return (
    <Tooltip label={why} events={{ hover: true, focus: true, touch: true }}>
      <Link
        to="/ledger"
        search={{ charge: id }}
        aria-label={`${shown} – ${why}`}
        inherit
        style={{ whiteSpace: 'nowrap' }}
      >
        {shown}
      </Link>
    </Tooltip>
  );
}

/** Tokens in and out, such as "14 → 22". */
export const tokensText = ({ tokens }: Call): string =>
  tokens === null ? '–' : `${countText(tokens.prompt)} → ${countText(tokens.completion)}`;

export const Milliseconds = ({ value }: { readonly value: number | null }) => (
  <Text span inherit style={{ whiteSpace: 'nowrap' }}>
    {value === null ? '–' : `${countText(value)} ms`}
  </Text>
);

/** A name that may be long: it wraps, and is never squeezed to a word. */
export const Wrapped = ({ text }: { readonly text: string }) => (
  <Text span inherit style={{ display: 'inline-block', minWidth: 130, maxWidth: 260, overflowWrap: 'anywhere' }}>
    {text}
  </Text>
);
