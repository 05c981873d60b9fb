import { Box, Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A table that scrolls within its own box, by keyboard, too. */
export const ScrolledTable = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={label}>
    <Table verticalSpacing="xs">{children}</Table>
  </Box>
);
