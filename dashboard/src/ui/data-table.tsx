import { Box, Button, Group, Menu, Stack, Table } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconColumns3 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Download } from './download.tsx';
import { MoreButton, type MoreButtonProps } from './more-button.tsx';
import { Empty } from './query-state.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Amounts and counts stand on the right. */
  readonly isNumeric?: boolean;
  /** Not shown until it is chosen. */
  readonly isExtra?: boolean;
}

export interface DataTableProps<Row> {
  /** What the choice of columns is kept under. */
  readonly name: string;
  /** What the table shows, for those who can't see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly empty: ReactNode;
  /** Filters, above the table. */
  readonly filters?: ReactNode;
  /** Where the same rows are as CSV. */
  readonly csv?: string;
  /** Shows the next page. */
  readonly more?: MoreButtonProps;
  /** Sums and the like. */
  readonly footer?: ReactNode;
}

/** A table with a choice of columns, its CSV and more rows on demand. It scrolls within its own box. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, columns, rows, rowKey, empty, filters, csv, more, footer } = props;
  const [hidden, setHidden] = useLocalStorage<readonly string[]>({
    key: `token-hub-columns-${name}`,
    defaultValue: columns.flatMap(({ key, isExtra }) => (isExtra === true ? [key] : [])),
    getInitialValueInEffect: false,
  });
  const shown = columns.filter(({ key }) => !hidden.includes(key));
  const toggle = (key: string) =>
    setHidden(hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key]);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end">
        <Group align="flex-end" gap="sm" style={{ flex: 1 }}>
          {filters}
        </Group>
        <Group gap="xs">
          <ColumnChoice columns={columns} hidden={hidden} toggle={toggle} />
          {csv !== undefined && (
            <Download href={csv} size="xs">
              CSV
            </Download>
          )}
        </Group>
      </Group>
      <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={label}>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {shown.map(({ key, header, isNumeric }) => (
                <Table.Th key={key} scope="col" ta={isNumeric ? 'right' : undefined} style={{ whiteSpace: 'nowrap' }}>
                  {header}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={rowKey(row)}>
                {shown.map(({ key, cell, isNumeric }) => (
                  <Table.Td key={key} ta={isNumeric ? 'right' : undefined}>
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
          {footer !== undefined && <Table.Tfoot>{footer}</Table.Tfoot>}
        </Table>
        {rows.length === 0 && <Empty>{empty}</Empty>}
      </Box>
      {more !== undefined && <MoreButton {...more} />}
    </Stack>
  );
}

interface ColumnChoiceProps {
  readonly columns: readonly { readonly key: string; readonly header: string }[];
  readonly hidden: readonly string[];
  readonly toggle: (key: string) => void;
}

function ColumnChoice({ columns, hidden, toggle }: ColumnChoiceProps) {
  const { t } = useTranslation('ui');
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={14} aria-hidden />}>
          {t('table.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map(({ key, header }) => (
          <Menu.CheckboxItem key={key} checked={!hidden.includes(key)} onChange={() => toggle(key)}>
            {header}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
