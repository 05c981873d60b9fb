import { Card, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { Download } from '../../ui/download.tsx';
import { fileAddress } from './parts/pages.ts';

const FORMATS = ['hledger', 'beancount', 'csv', 'quickbooks', 'xero'] as const;
type Format = (typeof FORMATS)[number];

const LISTS = [
  ['topups', '/api/finance/topups?format=csv'],
  ['trialBalance', '/api/finance/books/trial-balance?format=csv'],
  ['rollForward', '/api/finance/books/roll-forward?format=csv'],
  ['revenue', '/api/finance/books/revenue?format=csv'],
  ['breakage', '/api/finance/books/breakage?format=csv'],
  ['reconciliation', '/api/finance/reconciliation/report.csv'],
  ['providers', '/api/finance/provider-differences?show=all&format=csv'],
] as const;

/** Reports that need a period say so. */
const NO_PERIOD: Readonly<Record<string, boolean>> = { providers: true };

/** The journal for other programs, and everything else as CSV. */
export function ExportsPage() {
  const { t } = useTranslation('finance');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <Page title={t('exports.title')} description={t('exports.description')}>
      <Group align="flex-end" component="fieldset" style={{ border: 0, padding: 0, margin: 0 }}>
        <Text component="legend" size="sm">
          {t('exports.period')}
        </Text>
        <TextInput
          type="date"
          label={t('from')}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('before')}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
      </Group>
      <JournalExport from={from} to={to} />
      <Card withBorder>
        <Stack gap="sm">
          <Title order={2} size="h3">
            {t('exports.lists')}
          </Title>
          {LISTS.map(([name, path]) => (
            <Group key={name} justify="space-between" gap="sm">
              <Stack gap={0} style={{ flex: '1 1 14rem' }}>
                <Text size="sm" fw={600}>
                  {t(`exports.${name}.title`)}
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`exports.${name}.text`)}
                </Text>
              </Stack>
              <Export href={addressOf(path, name, { from, to })} label={t(`exports.${name}.title`)} />
            </Group>
          ))}
        </Stack>
      </Card>
    </Page>
  );
}

interface Period {
  readonly from: string;
  readonly to: string;
}

function addressOf(path: string, name: string, { from, to }: Period): string {
  if (NO_PERIOD[name] === true) return path;
  const [base = '', query = ''] = path.split('?');
  // The comparison with Stripe is a file of a period, whatever it is.
  const period = name === 'reconciliation' ? { from: from || '2020-01-01', to: to || '2100-01-01' } : { from, to };
  return fileAddress(base, { ...Object.fromEntries(new URLSearchParams(query)), ...period });
}

function JournalExport({ from, to }: Period) {
  const { t } = useTranslation('finance');
  const [format, setFormat] = useState<Format>('hledger');
  const [currency, setCurrency] = useState('USD');
  const [taxRate, setTaxRate] = useState('');
  const isDaily = format === 'quickbooks' || format === 'xero';
  const more = { ...(isDaily && { currency }), ...(format === 'xero' && { tax_rate: taxRate }) };
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('exports.journal')}
        </Title>
        <Text size="sm">{t(`exports.formats.${format}`)}</Text>
        <Group align="flex-end">
          <NativeSelect
            label={t('exports.program')}
            value={format}
            data={FORMATS.map((value) => ({ value, label: t(`exports.programs.${value}`) }))}
            onChange={({ currentTarget }) => setFormat(FORMATS.find((each) => each === currentTarget.value) ?? 'csv')}
          />
          {isDaily && (
            <TextInput
              label={t('columns.currency')}
              value={currency}
              maxLength={3}
              onChange={({ currentTarget }) => setCurrency(currentTarget.value.toUpperCase())}
            />
          )}
          {format === 'xero' && (
            <TextInput
              label={t('exports.taxRate')}
              value={taxRate}
              placeholder={t('exports.taxExempt')}
              onChange={({ currentTarget }) => setTaxRate(currentTarget.value)}
            />
          )}
          <Export
            href={fileAddress('/api/finance/books/journal', { format, from, to, ...more })}
            label={t('exports.journal')}
          />
        </Group>
      </Stack>
    </Card>
  );
}

function Export({ href, label }: { readonly href: string; readonly label: string }) {
  const { t } = useTranslation('finance');
  return (
    <Download href={href} label={t('exports.downloadOf', { name: label })}>
      {t('exports.download')}
    </Download>
  );
}
