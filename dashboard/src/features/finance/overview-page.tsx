import { Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { Instant } from '../../ui/instant.tsx';
import { Lag } from '../../ui/lag.tsx';
import { Link, LinkButton } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Status } from '../../ui/status.tsx';
import { daysLeft } from './parts/deadline.tsx';
import { Facts } from '../../ui/facts.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

type Overview = Schema<'FinanceOverview'>;

/** The first screen of an accountant: what waits, and what the books say. */
export function FinanceOverviewPage() {
  const { t } = useTranslation('finance');
  const overview = api.useQuery('get', '/api/finance/overview');
  return (
    <Page
      title={t('overview.title')}
      description={t('overview.description')}
      actions={
        <LinkButton to="/finance/search" variant="default">
          {t('overview.search')}
        </LinkButton>
      }
    >
      <QueryState query={overview} lines={12}>
        {(data) => (
          <Stack gap="lg">
            <Lag asOf={data.as_of} />
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              <RefundsCard refunds={data.refunds} />
              <DisputesCard disputes={data.disputes} />
              <MonthsCard months={data.months} lastClosed={data.last_closed} />
            </SimpleGrid>
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <DifferencesCard overview={data} />
              <BooksCard books={data.books} />
              <PayoutsCard payouts={data.payouts} />
              <AttentionCard attention={data.attention} />
            </SimpleGrid>
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

interface TaskProps {
  readonly title: string;
  readonly link: ReactNode;
  readonly children: ReactNode;
}

const Task = ({ title, link, children }: TaskProps) => (
  <Card withBorder component="section" aria-label={title}>
    <Stack gap="xs" h="100%">
      <Title order={2} size="h3">
        {title}
      </Title>
      <Stack gap={6} style={{ flex: 1 }}>
        {children}
      </Stack>
      <Group>{link}</Group>
    </Stack>
  </Card>
);

const Figure = ({ children }: { readonly children: ReactNode }) => (
  <Text component="div" fz="1.5rem" fw={650} style={{ fontVariantNumeric: 'tabular-nums' }}>
    {children}
  </Text>
);

function RefundsCard({ refunds }: { readonly refunds: Overview['refunds'] }) {
  const { t } = useTranslation('finance');
  const link = (
    <Link to="/finance/refunds" search={{ status: 'requested' }}>
      {t('overview.refunds.link')}
    </Link>
  );
  return (
    <Task title={t('overview.refunds.title')} link={link}>
      <Figure>{t('overview.refunds.count', { count: refunds.to_approve })}</Figure>
      <Text size="sm">
        {t('overview.refunds.sum')} <Money amount={refunds.credit} />
      </Text>
      {refunds.oldest_at !== null && (
        <Text size="sm">
          {t('overview.refunds.oldest')} <Instant at={refunds.oldest_at} />
        </Text>
      )}
      {refunds.stuck > 0 && <Status tone="bad">{t('overview.refunds.stuck', { count: refunds.stuck })}</Status>}
    </Task>
  );
}

function DisputesCard({ disputes }: { readonly disputes: Overview['disputes'] }) {
  const { t } = useTranslation('finance');
  const link = (
    <Link to="/finance/disputes" search={{ status: 'open' }}>
      {t('overview.disputes.link')}
    </Link>
  );
  const { nearest } = disputes;
  return (
    <Task title={t('overview.disputes.title')} link={link}>
      <Figure>{t('overview.disputes.count', { count: disputes.open })}</Figure>
      <Text size="sm">
        {t('overview.disputes.sum')} <Money amount={disputes.amount} />
      </Text>
      {nearest !== null && (
        <Group gap="xs">
          <Status tone={nearest.days_left < 3 ? 'bad' : 'waiting'}>{daysLeft(t, nearest.days_left)}</Status>
          <Text size="sm">
            <Instant at={nearest.evidence_due_at} />
          </Text>
        </Group>
      )}
    </Task>
  );
}

function MonthsCard({
  months,
  lastClosed,
}: {
  readonly months: Overview['months'];
  readonly lastClosed: string | null;
}) {
  const { t } = useTranslation('finance');
  const proposed = months.find(({ status }) => status === 'proposed');
  return (
    <Task title={t('overview.months.title')} link={<Link to="/finance/close">{t('overview.months.link')}</Link>}>
      <Figure>{t('overview.months.count', { count: months.length })}</Figure>
      <Text size="sm">
        {lastClosed === null ? t('overview.months.never') : t('overview.months.last', { month: lastClosed })}
      </Text>
      {proposed !== undefined && (
        <Status tone="waiting">{t('overview.months.proposed', { month: proposed.id })}</Status>
      )}
    </Task>
  );
}

function DifferencesCard({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation('finance');
  const link = (
    <Link to="/finance/reconciliation" search={{ show: 'open' }}>
      {t('overview.differences.link')}
    </Link>
  );
  return (
    <Task title={t('overview.differences.title')} link={link}>
      <Text size="sm">
        {overview.attention.compared_until === null
          ? t('overview.differences.never')
          : t('overview.differences.until', { day: overview.attention.compared_until })}
      </Text>
      <PlainTable
        label={t('overview.differences.title')}
        rows={overview.reconciliation}
        rowKey={({ age }) => age}
        columns={[
          {
            key: 'age',
            header: t('overview.differences.age'),
            cell: ({ age }) => <span style={{ whiteSpace: 'nowrap' }}>{t(`overview.differences.ages.${age}`)}</span>,
          },
          { key: 'stripe', header: t('overview.differences.stripe'), isNumeric: true, cell: ({ stripe }) => stripe },
          {
            key: 'approve',
            header: t('overview.differences.toApprove'),
            isNumeric: true,
            cell: ({ to_approve: waiting }) => waiting,
          },
          {
            key: 'providers',
            header: t('overview.differences.providers'),
            isNumeric: true,
            cell: ({ providers }) => providers,
          },
        ]}
      />
    </Task>
  );
}

function BooksCard({ books }: { readonly books: Overview['books'] }) {
  const { t } = useTranslation('finance');
  const lines: [string, ReactNode][] = [
    [t('overview.books.credit'), <Money key="credit" amount={books.customer_credit} />],
    [t('overview.books.debt'), <Money key="debt" amount={books.customer_debt} />],
    [t('overview.books.refunds'), <Money key="refunds" amount={books.refunds_under_way} />],
    [t('overview.books.clearing'), <Money key="clearing" amount={books.stripe_clearing} />],
    ...books.stripe_balance.map(({ currency, amount }): [string, ReactNode] => [
      t('overview.books.stripe', { currency }),
      <Money key={currency} amount={amount} currency={currency} />,
    ]),
  ];
  return (
    <Task title={t('overview.books.title')} link={<Link to="/finance/books">{t('overview.books.link')}</Link>}>
      <Facts facts={lines} />
    </Task>
  );
}

function PayoutsCard({ payouts }: { readonly payouts: Overview['payouts'] }) {
  const { t } = useTranslation('finance');
  return (
    <Task title={t('overview.payouts.title')} link={<Link to="/finance/payouts">{t('overview.payouts.link')}</Link>}>
      {payouts.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('payouts.empty')}
        </Text>
      )}
      {payouts.map(({ id, status, amount, currency, reported_at: at }) => (
        <Group key={id} justify="space-between" gap="xs">
          <Text size="sm">
            <Instant at={at} style="date" />
          </Text>
          <Status tone={status === 'paid' ? 'good' : 'bad'}>{t(`payouts.status.${status}`)}</Status>
          <Money amount={amount} currency={currency} />
        </Group>
      ))}
    </Task>
  );
}

function AttentionCard({ attention }: { readonly attention: Overview['attention'] }) {
  const { t } = useTranslation('finance');
  const link = (
    <Link to="/finance/books" search={{ tab: 'alerts' }}>
      {t('overview.attention.link')}
    </Link>
  );
  return (
    <Task title={t('overview.attention.title')} link={link}>
      <Text size="sm">{t('overview.attention.mismatches', { count: attention.mismatches })}</Text>
      <Text size="sm">{t('overview.attention.warnings', { count: attention.fraud_warnings })}</Text>
    </Task>
  );
}
