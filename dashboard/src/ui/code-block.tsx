import { Box, Code, Group, Text } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  readonly code: string;
  /** What it is, such as "curl". */
  readonly label: string;
}

/** Code to copy. It scrolls within its own box. */
export const CodeBlock = ({ code, label }: CodeBlockProps) => (
  <Box>
    <Group justify="space-between" mb={4}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <CopyButton text={code} />
    </Group>
    <Code block tabIndex={0} role="region" aria-label={label} style={{ overflowX: 'auto', whiteSpace: 'pre' }}>
      {code}
    </Code>
  </Box>
);
