import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { useSomeOf } from '../some-of.ts';

/** Rate by rate, what changes. */
export function ChangesTable({ changes }: { readonly changes: readonly Schema<'RateChange'>[] }) {
  const { t } = useTranslation('operators');
  const some = useSomeOf(changes);
  return (
    <DataTable
      name="operator-price-changes"
      label={t('prices.changes')}
      {...some}
      rowKey={({ model, prompt, when, of, kind }) => [model, prompt, when, of, kind].join(' ')}
      empty={t('prices.noChanges')}
      columns={[
        { key: 'model', header: t('account.model'), cell: ({ model }) => <Code>{model}</Code> },
        { key: 'of', header: t('prices.of'), cell: ({ of }) => t(`prices.ofs.${of}`) },
        { key: 'kind', header: t('prices.kind'), cell: ({ kind }) => <Code>{kind}</Code> },
        {
          key: 'where',
          header: t('prices.where'),
          cell: ({ prompt, when }) => [prompt, when].filter((part) => part !== '').join(' · ') || t('prices.always'),
        },
        { key: 'from', header: t('prices.before'), isNumeric: true, cell: ({ from }) => from ?? '–' },
        { key: 'to', header: t('prices.after'), isNumeric: true, cell: ({ to }) => to ?? '–' },
        { key: 'percent', header: t('prices.percent'), isNumeric: true, cell: ({ percent }) => percent ?? '–' },
      ]}
    />
  );
}
