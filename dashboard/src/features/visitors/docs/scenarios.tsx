// The programs are those of examples/, which run in CI: text and program can’t drift apart.
import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { BASE_URL } from '../first-call.ts';
import { useKeyHint } from './reader.ts';
import { Rich } from './rich.tsx';

const EXAMPLES = import.meta.glob<string>('../../../../../examples/{chat,rag,batch}/*.{ts,js,html,py,txt}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** The text of a file of examples/. */
export const exampleText = (path: string): string => EXAMPLES[`../../../../../examples/${path}`] ?? '';

export const FILES = {
  chat: ['server.ts', 'page.js', 'page.html'],
  rag: ['ask.ts', 'ask-langchain.ts', 'handbook.ts', 'token-hub.ts'],
  batch: ['classify.py', 'requirements.txt'],
} as const;

const START = {
  chat: 'node server.ts',
  rag: 'npm install openai\nnode ask.ts "How long does shipping take?"',
  batch: 'pip install -r requirements.txt\npython classify.py tickets.jsonl labels.jsonl',
} as const;
const SCENARIOS = ['chat', 'rag', 'batch'] as const;

export function Scenarios() {
  const { t } = useTranslation('docs');
  const { key } = useKeyHint();
  const environment = `export TOKENHUB_BASE_URL=${BASE_URL}/v1\nexport TOKENHUB_API_KEY=${key}`;
  return (
    <Stack gap="xl">
      {SCENARIOS.map((scenario) => (
        <Stack key={scenario} component="section" gap="sm">
          <Title order={2}>{t(`scenarios.${scenario}.title`)}</Title>
          {(['text', 'care'] as const).map((part) => (
            <Text key={part}>
              <Rich text={t(`scenarios.${scenario}.${part}`)} />
            </Text>
          ))}
          <CodeBlock code={`${environment}\n${START[scenario]}`} label={t('scenarios.start')} />
          {FILES[scenario].map((file) => (
            <CodeBlock key={file} code={exampleText(`${scenario}/${file}`)} label={file} />
          ))}
        </Stack>
      ))}
    </Stack>
  );
}
