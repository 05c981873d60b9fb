import { Card, Code, Group, Stack, Text, Timeline, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Money } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import { Reason } from './parts/reason.tsx';
import { Person, ShortId } from './parts/names.tsx';

type Event = Schema<'TopupEvent'>;

/** What happened, in words, with what each event books. */
export function TopupStory({ events }: { readonly events: readonly Event[] }) {
  const { t } = useTranslation('finance');
  return (
    <Card withBorder>
      <Title order={2} size="h3" mb="md">
        {t('topup.story')}
      </Title>
      <Timeline bulletSize={14} lineWidth={2} active={events.length}>
        {events.map((event) => (
          <Timeline.Item key={`${event.stream}/${event.revision}`} title={t(`topup.events.${event.type}`)}>
            <Happening event={event} />
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}

function Happening({ event }: { readonly event: Event }) {
  const { t } = useTranslation('finance');
  const { amount, by, reason, reference, postings } = event;
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          <Instant at={event.at} style="second" />
        </Text>
        {amount !== null && (
          <Text size="sm">
            <Money amount={amount} />
          </Text>
        )}
        {by !== null && (
          <Text size="sm">
            {t('topup.by')} <Person id={by} />
          </Text>
        )}
        {reason !== null && (
          <Text size="sm">
            <Reason reason={reason} />
          </Text>
        )}
        {reference !== null && <ShortId id={reference} />}
      </Group>
      {postings.length > 0 && <Postings postings={postings} />}
    </Stack>
  );
}

function Postings({ postings }: { readonly postings: Event['postings'] }) {
  const { t } = useTranslation('finance');
  return (
    <PlainTable
      label={t('topup.postings')}
      rows={postings}
      rowKey={({ account, currency, debit }) => `${account}/${currency}/${debit === null}`}
      columns={[
        { key: 'account', header: t('books.account'), cell: ({ account }) => <Code>{account}</Code> },
        {
          key: 'debit',
          header: t('books.debits'),
          isNumeric: true,
          cell: ({ debit, currency }) => debit !== null && <Money amount={debit} currency={currency} />,
        },
        {
          key: 'credit',
          header: t('books.credits'),
          isNumeric: true,
          cell: ({ credit, currency }) => credit !== null && <Money amount={credit} currency={currency} />,
        },
      ]}
    />
  );
}
