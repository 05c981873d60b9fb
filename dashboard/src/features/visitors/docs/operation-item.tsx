import { Box, Card, Code, Group, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, Operation } from './openapi.ts';

/** An operation of /api in a line, which opens to what it takes and answers. */
export function OperationItem({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('docs');
  const [isOpen, setIsOpen] = useState(false);
  const { method, path, summary, audience } = operation;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Card withBorder padding="xs">
      <UnstyledButton onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Chevron size={16} aria-hidden style={{ flexShrink: 0, marginTop: 4 }} />
          <Box style={{ minWidth: 0 }}>
            <Text fw={600} ff="monospace" size="sm" style={{ overflowWrap: 'anywhere' }}>
              {method} {path}
            </Text>
            <Text size="sm">
              {summary} <Text span inherit c="dimmed">{`(${t('api.audience')} ${audience})`}</Text>
            </Text>
          </Box>
        </Group>
      </UnstyledButton>
      {isOpen && <Details operation={operation} />}
    </Card>
  );
}

function Details({ operation: { parameters, body, answers } }: { readonly operation: Operation }) {
  const { t } = useTranslation('docs');
  return (
    <Stack gap="sm" mt="sm" pl="lg">
      {parameters.length > 0 && <Fields title={t('api.parameters')} fields={parameters} />}
      {body.length > 0 && <Fields title={t('api.body')} fields={body} />}
      {answers.map(({ status, description, fields }) => (
        <Box key={status}>
          <Text size="sm">
            <Code>{status}</Code> {description}
          </Text>
          {fields.length > 0 && status.startsWith('2') && <Fields title={t('api.answer')} fields={fields} />}
        </Box>
      ))}
    </Stack>
  );
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }) {
  const { t } = useTranslation('docs');
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={title}>
      <Title order={4} size="sm" mb={4}>
        {title}
      </Title>
      <Table fz="sm">
        <Table.Tbody>
          {fields.map(({ name, type, isRequired, description }) => (
            <Table.Tr key={name}>
              <Table.Td>
                <Code>{name}</Code>
              </Table.Td>
              <Table.Td style={{ maxWidth: '16rem' }}>{type}</Table.Td>
              <Table.Td>
                {isRequired && <Text span inherit fw={600}>{`${t('api.required')} `}</Text>}
                {description}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
