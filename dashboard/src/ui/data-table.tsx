import { Button, Group, Menu, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconColumns3 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Download } from './download.tsx';
import { MoreButton, type MoreButtonProps } from './more-button.tsx';
import { type PlainColumn, PlainTable, type PlainTableProps } from './plain-table.tsx';
import { Empty } from './query-state.tsx';

export interface Column<Row> extends PlainColumn<Row> {
  /** Not shown until it is chosen. */
  readonly isExtra?: boolean;
}

export interface DataTableProps<Row> extends Omit<PlainTableProps<Row>, 'totals' | 'isHeadOneLine'> {
  /** What the choice of columns is kept under. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly empty: ReactNode;
  /** Filters, above the table. */
  readonly filters?: ReactNode;
  /** Where the same rows are as CSV. */
  readonly csv?: string;
  /** Shows the next page. */
  readonly more?: MoreButtonProps;
}

/** A table with a choice of columns, its CSV and more rows on demand. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, label, columns, rows, rowKey, empty, filters, csv, more } = props;
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
      <PlainTable label={label} columns={shown} rows={rows} rowKey={rowKey} isHeadOneLine />
      {rows.length === 0 && <Empty>{empty}</Empty>}
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
