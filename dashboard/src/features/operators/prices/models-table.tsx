import { Code, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../../ui/data-table.tsx';
import { useSomeOf } from '../some-of.ts';
import type { ModelPrices } from './draft.ts';

export interface ModelsTableProps {
  readonly models: readonly ModelPrices[];
  /** What can be done about a model. */
  readonly act?: (model: ModelPrices) => ReactNode;
}

const WHOLE = { whiteSpace: 'nowrap' } as const;
const firstOf = ({ bands: [first] }: ModelPrices) => first;
const hasMore = ({ bands }: ModelPrices): boolean => bands.length > 1 || (bands[0]?.windows?.length ?? 0) > 0;

/** The rates of every model that most calls are priced by. */
export function ModelsTable({ models, act }: ModelsTableProps) {
  const { t } = useTranslation('operators');
  const [wanted, setWanted] = useState('');
  const found = models.filter(({ model }) => model.includes(wanted.trim().toLowerCase()));
  const some = useSomeOf(found);
  return (
    <DataTable
      name="operator-models"
      label={t('prices.models')}
      {...some}
      rowKey={({ model }) => model}
      empty={t('prices.noModel')}
      filters={
        <TextInput label={t('prices.find')} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} />
      }
      columns={[
        { key: 'model', header: t('account.model'), cell: ({ model }) => <Code style={WHOLE}>{model}</Code> },
        {
          key: 'input',
          header: t('prices.kinds.input'),
          isNumeric: true,
          cell: (row) => firstOf(row)?.price.input ?? '–',
        },
        {
          key: 'cached',
          header: t('prices.kinds.cachedInput'),
          isNumeric: true,
          cell: (row) => firstOf(row)?.price.cachedInput ?? '–',
        },
        {
          key: 'output',
          header: t('prices.kinds.output'),
          isNumeric: true,
          cell: (row) => firstOf(row)?.price.output ?? '–',
        },
        {
          key: 'costInput',
          header: t('prices.costInput'),
          isNumeric: true,
          cell: (row) => (firstOf(row)?.cost ?? firstOf(row)?.price)?.input ?? '–',
        },
        {
          key: 'costOutput',
          header: t('prices.costOutput'),
          isNumeric: true,
          cell: (row) => (firstOf(row)?.cost ?? firstOf(row)?.price)?.output ?? '–',
        },
        {
          key: 'more',
          header: t('prices.more'),
          cell: (row) => <span style={WHOLE}>{hasMore(row) ? t('prices.moreBands') : '–'}</span>,
        },
        ...(act === undefined ? [] : [{ key: 'act', header: t('prices.act'), cell: act }]),
      ]}
    />
  );
}
