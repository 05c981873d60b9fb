import { Alert, Code, Group, Stack, Text, Title } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { AccountLink } from './account-link.tsx';
import { QueueChoice } from './queue-choice.tsx';
import { knownWords } from './queue-words.ts';

const route = getRouteApi('/person/operator/queue/$id');
type Item = Schema<'QueueItemWithChoices'>;
type QueueOutcome = Schema<'QueueOutcome'>;

/** One thing that waits for a person: what is known, what can be done, and what each choice would do. */
export function QueueItemPage() {
  const { t } = useTranslation('ledger');
  const { id } = route.useParams();
  const [outcome, setOutcome] = useState<QueueOutcome>();
  const item = api.useQuery('get', '/api/operator/queue/{id}', { params: { path: { id } } });
  return (
    <Page
      title={item.data === undefined ? t('queue.item') : t(`queue.kind.${item.data.kind}`)}
      actions={
        <LinkButton to="/operator/queue" variant="default">
          {t('queue.back')}
        </LinkButton>
      }
    >
      {outcome !== undefined && <Outcome outcome={outcome} />}
      <QueryState query={item} lines={10}>
        {(found) => <ItemWithChoices item={found} onDone={setOutcome} />}
      </QueryState>
    </Page>
  );
}

function Outcome({ outcome: { events } }: { readonly outcome: QueueOutcome }) {
  const { t } = useTranslation('ledger');
  return (
    <Alert color="green" role="status" title={t('queue.done')}>
      {t('queue.recorded')}{' '}
      {events.map(({ stream, type }) => (
        <Code key={`${stream} ${type}`} mr={6} style={{ overflowWrap: 'anywhere' }}>
          {stream}: {type}
        </Code>
      ))}
    </Alert>
  );
}

interface ItemProps {
  readonly item: Item;
  readonly onDone: (outcome: QueueOutcome) => void;
}

function ItemWithChoices({ item, onDone }: ItemProps) {
  const { t } = useTranslation('ledger');
  return (
    <Stack gap="lg">
      <Known item={item} />
      {item.dismissed !== null && (
        <Alert color="gray" title={t('queue.wasDismissed')}>
          {t('queue.dismissedBy', { who: item.dismissed.by, reason: item.dismissed.reason })}{' '}
          <Instant at={item.dismissed.at} />
        </Alert>
      )}
      {item.credit !== null && <Credit credit={item.credit} />}
      {item.previews.length > 0 && (
        <Stack gap="sm">
          <Title order={2}>{t('queue.choices')}</Title>
          {item.previews.map((preview) => (
            <QueueChoice key={preview.choice} item={item} preview={preview} onDone={onDone} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

const TONES = { open: 'waiting', dismissed: 'neutral', settled: 'good' } as const;

function Known({ item }: { readonly item: Item }) {
  const { t } = useTranslation('ledger');
  const { id, status, account_id, since, due_at } = item;
  return (
    <Stack gap="xs">
      <Group>
        <Status tone={TONES[status]}>{t(`queue.statuses.${status}`)}</Status>
        <Code style={{ wordBreak: 'break-all' }}>{id}</Code>
      </Group>
      <Text>{knownWords(t, item)}</Text>
      <Text size="sm" c="dimmed" component="div">
        {account_id !== null && (
          <>
            {t('queue.column.account')} <AccountLink id={account_id} /> ·{' '}
          </>
        )}
        {t('queue.column.since')} <Instant at={since} />
        {due_at !== null && (
          <>
            {' '}
            · {t('queue.column.due')} <Instant at={due_at} />
          </>
        )}
      </Text>
    </Stack>
  );
}

function Credit({ credit }: { readonly credit: Schema<'QueueCredit'> }) {
  const { t } = useTranslation('ledger');
  const { amount, requested_by, reason, approved_by } = credit;
  return (
    <Alert color="yellow" title={t('queue.creditProposed')}>
      <Money amount={amount} whole /> · {requested_by}: {reason}
      {approved_by !== null && ` · ${t('queue.approvedBy', { who: approved_by })}`}
    </Alert>
  );
}
