import { Card, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the page about an account. */
export const Section = ({ title, description, children }: SectionProps) => (
  <Card withBorder padding="lg" component="section" aria-label={title}>
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={2}>{title}</Title>
        {description !== undefined && (
          <Text size="sm" c="dimmed" component="div">
            {description}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  </Card>
);
