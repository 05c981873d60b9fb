import { Box, Table, type TableProps } from '@mantine/core';

export interface ScrolledTableProps extends TableProps {
  /** What the table shows, for those who can't see it. */
  readonly label: string;
}

/** A table that scrolls within its own box, by keyboard, too. A shadow at its side says that there is more. */
export const ScrolledTable = ({ label, ...table }: ScrolledTableProps) => (
  <Box className="scrolled" tabIndex={0} role="region" aria-label={label}>
    <Table verticalSpacing="xs" {...table} />
  </Box>
);
