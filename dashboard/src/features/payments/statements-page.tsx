import { Anchor, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { locale } from '../../app/i18n.ts';
import { api, type Schema } from '../../api/client.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { BillingDetails } from './billing-details.tsx';
import { Invoices } from './invoices.tsx';

type Month = Schema<'StatementMonth'>;
const FORMATS = ['pdf', 'csv', 'json'] as const;

/** A calendar month (UTC) in words. */
const monthText = (from: string): string =>
  new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(from));

const fileOf = ({ from, to }: Month, format: string): string =>
  `/api/statement?${new URLSearchParams({ from, to, format }).toString()}`;

/** What an accountant needs: statements by month, invoices, and who they are made out to. */
export function StatementsPage() {
  const { t } = useTranslation('payments');
  return (
    <Page title={t('statements.title')} description={t('statements.description')}>
      <Stack gap="xl">
        <Statements />
        <Check />
        <Invoices />
        <BillingDetails />
      </Stack>
    </Page>
  );
}

function Statements() {
  const { t } = useTranslation('payments');
  const months = api.useQuery('get', '/api/statements');
  const columns: readonly Column<Month>[] = [
    {
      key: 'month',
      header: t('statements.month'),
      cell: (row) => (
        <>
          {monthText(row.from)}
          {!row.complete && (
            <Text size="xs" c="dimmed">
              {t('statements.soFar')}
            </Text>
          )}
        </>
      ),
    },
    { key: 'files', header: t('statements.files'), cell: (row) => <Files month={row} /> },
  ];
  return (
    <Section title={t('statements.byMonth')} description={t('statements.utc')}>
      <QueryState query={months}>
        {({ data }) => (
          <DataTable
            name="statements"
            label={t('statements.byMonth')}
            columns={columns}
            rows={data}
            rowKey={({ month }) => month}
            empty={t('statements.empty')}
          />
        )}
      </QueryState>
    </Section>
  );
}

function Files({ month }: { readonly month: Month }) {
  const { t } = useTranslation('payments');
  return (
    <Group gap="xs">
      {FORMATS.map((format) => (
        <Button
          key={format}
          component="a"
          href={fileOf(month, format)}
          download
          size="xs"
          variant="default"
          aria-label={t('statements.download', { month: monthText(month.from), format: format.toUpperCase() })}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </Group>
  );
}

function Check() {
  const { t } = useTranslation('payments');
  return (
    <Section title={t('check.title')} description={t('check.description')}>
      <Text size="sm">{t('check.how')}</Text>
      <Group>
        <Button component="a" href="/statement-checker.html" target="_blank" variant="default">
          {t('check.open')}
        </Button>
        <Anchor href="/statement-checker.html" download="statement-checker.html" size="sm">
          {t('check.save')}
        </Anchor>
      </Group>
      <Text size="sm" component="div">
        {t('check.command')} <Code>tokenhub statement verify statement.json</Code>
      </Text>
    </Section>
  );
}
