import { Code, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { Empty, QueryState } from '../../../ui/query-state.tsx';
import { type Operation, operationsOf } from './openapi.ts';
import { OperationItem } from './operation-item.tsx';
import { Rich } from './rich.tsx';

/** The endpoints under /v1, as docs/api.md has them. */
const ENDPOINTS = [
  ['POST /v1/chat/completions', 'chat'],
  ['POST /v1/responses', 'responses'],
  ['POST /v1/completions', 'completions'],
  ['POST /v1/messages', 'messages'],
  ['POST /v1/messages/count_tokens', 'count'],
  ['POST /v1/embeddings', 'embeddings'],
  ['POST /v1/images/generations', 'images'],
  ['POST /v1/audio/speech', 'speech'],
  ['POST /v1/audio/transcriptions', 'transcriptions'],
  ['POST /v1/audio/translations', 'translations'],
  ['POST /v1/moderations', 'moderations'],
  ['POST /v1/rerank', 'rerank'],
  ['GET /v1/models', 'models'],
  ['GET /v1/models/{id}', 'model'],
  ['GET /v1/account/balance', 'balance'],
  ['GET /v1/charges', 'charges'],
  ['GET /v1/charges/{id}', 'charge'],
] as const;

export function ApiReference() {
  const { t } = useTranslation('docs');
  return (
    <Stack gap="xl">
      <Stack component="section" gap="sm">
        <Title order={2}>{t('api.models')}</Title>
        <Text>
          <Rich text={t('api.modelsText')} />
        </Text>
        <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table>
            <Table.Tbody>
              {ENDPOINTS.map(([endpoint, text]) => (
                <Table.Tr key={endpoint}>
                  <Table.Th scope="row">
                    <Code>{endpoint}</Code>
                  </Table.Th>
                  <Table.Td>{t(`api.v1.${text}`)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
      <People />
    </Stack>
  );
}

/** Everything under /api, from the document that the gateway gives out. */
function People() {
  const { t } = useTranslation('docs');
  const document = api.useQuery('get', '/api/openapi.json', {}, { staleTime: Infinity });
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t('api.people')}</Title>
      <Text>
        <Rich text={t('api.peopleText')} />
      </Text>
      <QueryState query={document} lines={16}>
        {(data) => <Operations all={operationsOf(data)} />}
      </QueryState>
    </Stack>
  );
}

function Operations({ all }: { readonly all: readonly Operation[] }) {
  const { t } = useTranslation('docs');
  const [wanted, setWanted] = useState('');
  const words = wanted.toLowerCase().split(/\s+/);
  const shown = all.filter(({ method, path, summary, audience, tag }) => {
    const text = [method, path, summary, audience, tag].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const tags = [...new Set(shown.map(({ tag }) => tag))];
  return (
    <>
      <TextInput
        type="search"
        label={t('api.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {shown.length === 0 && <Empty>{t('api.none')}</Empty>}
      {tags.map((tag) => (
        <Stack key={tag} gap={4}>
          <Title order={3} mt="md">
            {tag}
          </Title>
          {shown
            .filter((operation) => operation.tag === tag)
            .map((operation) => (
              <OperationItem key={operation.id} operation={operation} />
            ))}
        </Stack>
      ))}
    </>
  );
}
