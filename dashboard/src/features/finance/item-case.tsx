import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Instant } from '../../ui/instant.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { ItemApproval } from './item-approval.tsx';
import { ItemProposal } from './item-proposal.tsx';
import { Facts } from '../../ui/facts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Person, ShortId } from './parts/names.tsx';
import { Sums } from './parts/sums.tsx';
import { ITEM_TONES } from '../../ui/tones.ts';
import { isWaiting } from './parts/waiting.ts';
import { TopupLink } from './parts/topup-link.tsx';

type Item = Schema<'ReconciliationItem'>;
const OPEN = ['pending', 'ours_only', 'theirs_only', 'differs'] as const;
const isOpen = ({ status }: Item): boolean => (OPEN as readonly string[]).includes(status);

/** A transaction that does not agree: both sides, what was proposed, and the next step. */
export function ItemCase({ id, onClose }: { readonly id: string | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const item = api.useQuery(
    'get',
    '/api/finance/reconciliation/items/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  return (
    <Dialog opened={id !== undefined} onClose={onClose} title={t('reconciliation.one')} size="xl">
      <QueryState query={item} lines={10}>
        {(found) => (
          <Stack>
            <Sides item={found} />
            <Resolution item={found} />
            {isWaiting(found.resolution) && <ItemApproval item={found} onDone={onClose} />}
            {isOpen(found) && !isWaiting(found.resolution) && <ItemProposal item={found} onDone={onClose} />}
          </Stack>
        )}
      </QueryState>
    </Dialog>
  );
}

function Sides({ item }: { readonly item: Item }) {
  const { t } = useTranslation('finance');
  return (
    <>
      <Facts
        facts={[
          [
            t('columns.status'),
            <Status key="s" tone={ITEM_TONES[item.status]}>
              {t(`reconciliation.status.${item.status}`)}
            </Status>,
          ],
          [t('columns.when'), <Instant key="w" at={item.date} />],
          [t('reconciliation.age'), t('days', { count: item.age_days })],
          [t('reconciliation.transaction'), <ShortId key="i" id={item.id} />],
          [t('reconciliation.theirs'), <Sums key="t" sums={item.stripe} />],
          [t('reconciliation.ours'), <Sums key="o" sums={item.ledger} />],
          [t('reconciliation.difference'), <Sums key="d" sums={item.difference} />],
        ]}
      />
      <Text size="sm">{t(`reconciliation.meaning.${item.status}`)}</Text>
      {item.stripe.length > 0 && (
        <PlainTable
          label={t('reconciliation.theirs')}
          rows={item.stripe}
          rowKey={({ id }) => id}
          columns={[
            { key: 'id', header: t('reconciliation.transaction'), cell: ({ id }) => <ShortId id={id} /> },
            { key: 'category', header: t('reconciliation.category'), cell: ({ category }) => category },
            { key: 'source', header: t('reconciliation.source'), cell: ({ source }) => <ShortId id={source} /> },
            { key: 'intent', header: t('topup.intent'), cell: ({ payment_intent: intent }) => <ShortId id={intent} /> },
            {
              key: 'topup',
              header: t('topups.one'),
              cell: ({ topup_id: topup }) => (topup === null ? '–' : <TopupLink id={topup} />),
            },
          ]}
        />
      )}
    </>
  );
}

function Resolution({ item }: { readonly item: Item }) {
  const { t } = useTranslation('finance');
  const [resolution] = item.resolution;
  if (resolution === undefined) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('reconciliation.resolution')}
      </Title>
      <Facts
        facts={[
          [t('reconciliation.action'), t(`reconciliation.actions.${resolution.action}`)],
          [t('columns.reason'), resolution.reason],
          [t('reconciliation.evidence'), resolution.evidence ?? '–'],
          [t('reconciliation.proposedBy'), <Person key="p" id={resolution.requested_by} />],
          [t('reconciliation.approvedBy'), <Person key="a" id={resolution.approved_by} />],
          ...(resolution.approval_reason === null
            ? []
            : [[t('reconciliation.approvalReason'), resolution.approval_reason] as const]),
        ]}
      />
    </Stack>
  );
}
