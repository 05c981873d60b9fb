import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Download } from '../../ui/download.tsx';
import { Choice, DayFilter } from './parts/filters.tsx';
import { fileAddress } from './parts/pages.ts';
import type { BooksFilters } from './search-params.ts';

export interface BooksProps {
  readonly filters: BooksFilters;
  readonly set: (change: BooksFilters) => void;
}

/** The period of a report, the date that counts, and the same report as a file. */
export function ReportFilters({ filters, set, path }: BooksProps & { readonly path: string }) {
  const { t } = useTranslation('finance');
  const { from, to, by, account_id } = filters;
  const isOfAccount = path.endsWith('roll-forward');
  const csv = fileAddress(path, { from, to, by, format: 'csv', ...(isOfAccount && { account_id }) });
  return (
    <Group align="flex-end" gap="sm">
      <DayFilter label={t('from')} value={from} onChange={(day) => set({ from: day })} />
      <DayFilter label={t('before')} value={to} onChange={(day) => set({ to: day })} />
      <Choice
        label={t('books.by')}
        value={by === 'service' ? by : undefined}
        choices={['service']}
        name={() => t('books.dates.service')}
        none={t('books.dates.posting')}
        onChange={(date) => set({ by: date })}
      />
      <Download href={csv} size="xs">
        CSV
      </Download>
    </Group>
  );
}

/** What of the address a report asks /api for. */
export const periodOf = ({ from, to, by }: BooksProps['filters']) => ({
  from,
  to,
  ...(by !== undefined && { by }),
});
