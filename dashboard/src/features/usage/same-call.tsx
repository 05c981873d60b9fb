import { Card, Code, Tabs, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../ui/code-block.tsx';
import { BASE_URL, type ChatRequest, curlOf, pythonOf } from './examples.ts';

/** What the playground sends, for a program of one's own. */
export function SameCall({ request }: { readonly request: ChatRequest }) {
  const { t } = useTranslation('usage');
  return (
    <Card withBorder component="section">
      <Title order={2} mb="xs">
        {t('playground.same')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('playground.sameText')} <Code>{BASE_URL}</Code>
      </Text>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
          <Tabs.Tab value="python">Python</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="curl" pt="sm">
          <CodeBlock label="curl" code={curlOf(request)} />
        </Tabs.Panel>
        <Tabs.Panel value="python" pt="sm">
          <CodeBlock label="Python" code={pythonOf(request)} />
        </Tabs.Panel>
      </Tabs>
    </Card>
  );
}
