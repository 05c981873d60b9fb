import { Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { BookLines } from './book-lines.tsx';
import type { EventType } from './event-words.ts';

type Explained = Schema<'ExplainedEvent'>;

/** Where the charge stands in the chain of its account, and in the tree over the whole log. */
export function ExplainedEvents({ events }: { readonly events: readonly Explained[] }) {
  return (
    <Stack gap="md">
      {events.map((event) => (
        <ExplainedEvent key={event.id} event={event} />
      ))}
    </Stack>
  );
}

function ExplainedEvent({ event }: { readonly event: Explained }) {
  const { t } = useTranslation('ledger');
  const { revision, type, at, hash, previous_hash, tree, postings = [] } = event;
  return (
    <Stack gap={4}>
      <Text fw={600} size="sm">
        {t(`type.${type as EventType}`)} ·{' '}
        <Link to="/ledger" search={{ revision }} size="sm">
          {t('event.title', { revision })}
        </Link>{' '}
        · <Instant at={at} style="second" />
      </Text>
      <HashLine label={t('event.hash')} hash={hash} />
      <HashLine label={t('event.previousHash')} hash={previous_hash} />
      <Text size="sm" c="dimmed">
        {tree === null
          ? t('explain.unsealed')
          : tree.sealed_by_size === null
            ? t('explain.leaf', { index: tree.index })
            : t('explain.sealedBy', { index: tree.index, size: tree.sealed_by_size })}
      </Text>
      {postings.length > 0 && <BookLines label={t('explain.postings')} lines={postings} />}
    </Stack>
  );
}

const HashLine = ({ label, hash }: { readonly label: string; readonly hash: string }) => (
  <Text size="sm">
    {label} <Code style={{ wordBreak: 'break-all' }}>{hash}</Code>
  </Text>
);
