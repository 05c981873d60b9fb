import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Money } from '../../ui/money.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';

interface ExplainedLinesProps {
  readonly lines: readonly Schema<'ExplainedLine'>[];
  readonly sum: string | null;
}

/** Each multiplication, and the sum as the ledger has it. */
export function ExplainedLines({ lines, sum }: ExplainedLinesProps) {
  const { t } = useTranslation('ledger');
  return (
    <PlainTable<Partial<Schema<'ExplainedLine'>>>
      label={t('explain.lines')}
      rows={lines}
      totals={[{ amount: sum ?? undefined }]}
      rowKey={({ kind = 'sum' }) => kind}
      columns={[
        {
          key: 'kind',
          header: t('explain.kind'),
          cell: ({ kind }) => (kind === undefined ? t('explain.sum') : <Code>{kind}</Code>),
        },
        { key: 'count', header: t('explain.count'), isNumeric: true, cell: ({ count }) => count },
        {
          key: 'rate',
          header: t('explain.rate'),
          isNumeric: true,
          cell: ({ rate }) =>
            rate !== undefined && (
              <>
                × <Money amount={rate} whole />
              </>
            ),
        },
        {
          key: 'amount',
          header: t('explain.product'),
          isNumeric: true,
          cell: ({ kind, amount }) => (
            <>
              {kind !== undefined && '= '}
              <Money amount={amount} whole />
            </>
          ),
        },
      ]}
    />
  );
}

/** Which credit paid, or got it back, in order. */
export function ExplainedSlices({ slices }: { readonly slices: readonly Schema<'ExplainedSlice'>[] }) {
  const { t } = useTranslation('ledger');
  const figure = (key: 'amount' | 'before' | 'after', header: string) => ({
    key,
    header,
    isNumeric: true,
    cell: (slice: Schema<'ExplainedSlice'>) => <Money amount={slice[key]} whole />,
  });
  return (
    <PlainTable
      label={t('explain.slices')}
      rows={slices}
      rowKey={({ lot_id: id }) => id}
      columns={[
        {
          key: 'lot',
          header: t('explain.lot'),
          cell: ({ lot_id: id, kind }) => (
            <>
              {t(kind === 'bonus' ? 'explain.bonus' : 'explain.paid')} <Code>{id}</Code>
            </>
          ),
        },
        figure('amount', t('explain.amount')),
        figure('before', t('explain.had')),
        figure('after', t('explain.left')),
      ]}
    />
  );
}
