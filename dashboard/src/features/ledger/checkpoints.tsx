import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { BY_CURSOR } from '../../api/pages.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { countText, Instant } from '../../ui/instant.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';

/** The signed checkpoints, newest first. */
export function Checkpoints() {
  const { t } = useTranslation('ledger');
  const params = { query: { limit: 10 } };
  const checkpoints = api.useInfiniteQuery('get', '/api/operator/checkpoints', { params }, BY_CURSOR);
  return (
    <PagedTable
      query={checkpoints}
      lines={5}
      name="checkpoints"
      label={t('integrity.checkpoints')}
      columns={[
        { key: 'size', header: t('integrity.size'), isNumeric: true, cell: ({ size }) => countText(size) },
        {
          key: 'at',
          header: t('integrity.signed'),
          cell: ({ signed_at }) => <Instant at={signed_at} style="second" />,
        },
        { key: 'root', header: t('integrity.root'), cell: ({ root_hash }) => <Code>{root_hash}</Code> },
        {
          key: 'note',
          header: t('integrity.note'),
          cell: ({ note }) => <CopyButton text={note} label={t('integrity.copyNote')} />,
        },
      ]}
      rowKey={({ size }) => String(size)}
      empty={t('integrity.none')}
    />
  );
}
