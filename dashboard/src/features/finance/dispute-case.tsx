import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { inWords } from '../../app/i18n.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Download } from '../../ui/download.tsx';
import { Instant, countText } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { Deadline } from './parts/deadline.tsx';
import { Facts } from '../../ui/facts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { AccountName, ShortId } from './parts/names.tsx';
import { DISPUTE_TONES } from '../../ui/tones.ts';
import { TopupLink } from './parts/topup-link.tsx';

type Dispute = Schema<'Dispute'>;

/** A dispute, what its state means, and what the disputed credit was used for. */
export function DisputeCase({ id, onClose }: { readonly id: string | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation('finance');
  const isAsked = id !== undefined;
  const dispute = api.useQuery(
    'get',
    '/api/finance/disputes/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: isAsked },
  );
  return (
    <Dialog opened={isAsked} onClose={onClose} title={t('disputes.one')} size="xl">
      <QueryState query={dispute} lines={8}>
        {(found) => (
          <Stack>
            <About dispute={found} />
            <Evidence id={found.id} />
          </Stack>
        )}
      </QueryState>
    </Dialog>
  );
}

function About({ dispute }: { readonly dispute: Dispute }) {
  const { t } = useTranslation('finance');
  const { status, inquiry, topup_id: topup } = dispute;
  return (
    <>
      <Facts
        facts={[
          [
            t('columns.status'),
            <Status key="s" tone={DISPUTE_TONES[status]}>
              {t(`disputes.status.${status}`)}
            </Status>,
          ],
          [t('columns.account'), <AccountName key="a" id={dispute.account_id} />],
          [t('refunds.ofTopup'), <TopupLink key="t" id={topup} />],
          [t('columns.reason'), inWords(dispute.reason)],
          [t('disputes.amount'), <Money key="am" amount={dispute.amount} />],
          [t('disputes.withdrawn'), <Money key="w" amount={dispute.withdrawn} />],
          [t('disputes.reinstated'), <Money key="r" amount={dispute.reinstated} />],
          [t('disputes.opened'), <Instant key="o" at={dispute.opened_at} />],
          [t('disputes.deadline'), <Deadline key="d" dispute={dispute} />],
          [t('disputes.closed'), <Instant key="c" at={dispute.closed_at} />],
          [t('disputes.stripe'), <ShortId key="i" id={dispute.id} />],
        ]}
      />
      <Text size="sm">{t(`disputes.meaning.${inquiry && status === 'open' ? 'inquiry' : status}`)}</Text>
    </>
  );
}

function Evidence({ id }: { readonly id: string }) {
  const { t } = useTranslation('finance');
  const path = `/api/finance/disputes/${encodeURIComponent(id)}/evidence`;
  const evidence = api.useQuery('get', '/api/finance/disputes/{id}/evidence', { params: { path: { id } } });
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {t('disputes.evidence')}
      </Title>
      <Text size="sm">{t('disputes.evidenceText')}</Text>
      <Group gap="xs">
        {(['json', 'csv'] as const).map((format) => (
          <Download key={format} href={`${path}?format=${format}`} size="xs">
            {format.toUpperCase()}
          </Download>
        ))}
      </Group>
      <QueryState
        query={evidence}
        lines={4}
        empty={t('disputes.noCharges')}
        isEmpty={({ charges }) => charges.length === 0}
      >
        {({ charges, used, purchased }) => (
          <Stack gap="xs">
            <Text size="sm">
              {t('disputes.used', { count: charges.length })} <Money amount={used} /> / <Money amount={purchased} />
            </Text>
            <PlainTable
              label={t('disputes.evidence')}
              rows={charges.slice(0, 100)}
              rowKey={(charge) => charge.charge_id}
              columns={[
                { key: 'at', header: t('columns.when'), cell: ({ at }) => <Instant at={at} style="second" /> },
                { key: 'model', header: t('columns.model'), cell: ({ model }) => <Code>{model}</Code> },
                {
                  key: 'tokens',
                  header: t('disputes.tokens'),
                  isNumeric: true,
                  cell: ({ prompt_tokens: prompt, completion_tokens: completion }) =>
                    `${countText(prompt)} + ${countText(completion)}`,
                },
                {
                  key: 'cost',
                  header: t('disputes.cost'),
                  isNumeric: true,
                  cell: ({ cost }) => <Money amount={cost} />,
                },
                {
                  key: 'paid',
                  header: t('disputes.paidFrom'),
                  isNumeric: true,
                  cell: ({ paid_from_purchase: paid }) => <Money amount={paid} />,
                },
              ]}
            />
            {charges.length > 100 && <Text size="sm">{t('disputes.more')}</Text>}
          </Stack>
        )}
      </QueryState>
    </Stack>
  );
}
