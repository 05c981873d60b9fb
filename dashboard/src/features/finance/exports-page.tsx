import { Card, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Download } from '../../ui/download.tsx';
import { Page } from '../../ui/page.tsx';
import { comparisonFile, DIFFERENCES_FILE, fileAddress } from './parts/pages.ts';

const FORMATS = ['hledger', 'beancount', 'csv', 'quickbooks', 'xero'] as const;
type Format = (typeof FORMATS)[number];

interface Period {
  readonly from: string;
  readonly to: string;
}

const listOf = (path: string) => (period: Period) => fileAddress(path, { format: 'csv', ...period });
const LISTS = [
  ['topups', listOf('/api/finance/topups')],
  ['trialBalance', listOf('/api/finance/books/trial-balance')],
  ['rollForward', listOf('/api/finance/books/roll-forward')],
  ['revenue', listOf('/api/finance/books/revenue')],
  ['breakage', listOf('/api/finance/books/breakage')],
  ['reconciliation', comparisonFile],
  ['providers', () => DIFFERENCES_FILE],
] as const;

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
          {LISTS.map(([name, addressOf]) => (
            <Group key={name} justify="space-between" gap="sm">
              <Stack gap={0} style={{ flex: '1 1 14rem' }}>
                <Text size="sm" fw={600}>
                  {t(`exports.${name}.title`)}
                </Text>
                <Text size="sm" c="dimmed">
                  {t(`exports.${name}.text`)}
                </Text>
              </Stack>
              <Export href={addressOf({ from, to })} label={t(`exports.${name}.title`)} />
            </Group>
          ))}
        </Stack>
      </Card>
    </Page>
  );
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
