import { Card, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Figure {
  readonly label: string;
  readonly value: ReactNode;
}

/** Figures side by side, each with its name. */
export const Figures = ({ of }: { readonly of: readonly Figure[] }) => (
  <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
    {of.map(({ label, value }) => (
      <Card key={label} withBorder padding="sm">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Text fw={600} component="div">
          {value}
        </Text>
      </Card>
    ))}
  </SimpleGrid>
);
