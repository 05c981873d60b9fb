import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and values, one under the other. */
export const Facts = ({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <Stack component="dl" gap={6} m={0} maw={640}>
    {facts.map(([name, value]) => (
      <Group key={name} justify="space-between" gap="xs" align="baseline">
        <Text component="dt" size="sm" c="dimmed">
          {name}
        </Text>
        <Text component="dd" size="sm" m={0} ta="right" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          {value}
        </Text>
      </Group>
    ))}
  </Stack>
);
