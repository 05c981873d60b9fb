import { Alert, Anchor, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Link } from '../../../ui/link.tsx';
import { curlOf } from '../first-call.ts';
import { useCallableModel, useKeyHint } from './reader.ts';
import { Rich } from './rich.tsx';
import { ANSWER, balanceOf, modelsOf, nodeOf, pythonOf, streamOf } from './snippets.ts';

type Step = 'signUp' | 'topUp' | 'key' | 'call' | 'switch' | 'stream' | 'wrong';

export function Quickstart() {
  const { t } = useTranslation('docs');
  const { key, isTheirs } = useKeyHint();
  const model = useCallableModel();
  return (
    <Stack gap="xl">
      {isTheirs && <Alert color="blue">{t('quickstart.hint', { key })}</Alert>}
      <Section step="signUp">
        <Link to="/register">{t('quickstart.signUp.link')}</Link>
      </Section>
      <Section step="topUp">
        <Anchor href="/topup">{t('quickstart.topUp.link')}</Anchor>
      </Section>
      <Section step="key">
        <Link to="/keys">{t('quickstart.key.link')}</Link>
      </Section>
      <Section step="call">
        <CodeBlock code={curlOf('chat', model, key)} label="curl" />
        <CodeBlock code={ANSWER} label={t('quickstart.call.answer')} />
        <Text>
          <Rich text={t('quickstart.call.after')} />
        </Text>
      </Section>
      <Section step="switch">
        <CodeBlock code={modelsOf(key)} label={t('quickstart.switch.models')} />
        <CodeBlock code={pythonOf(model, key)} label="Python" />
        <CodeBlock code={nodeOf(model, key)} label="TypeScript" />
      </Section>
      <Section step="stream">
        <CodeBlock code={streamOf(model, key)} label="curl" />
      </Section>
      <Section step="wrong">
        <CodeBlock code={balanceOf(key)} label={t('quickstart.wrong.balance')} />
        <Link to="/docs/$page" params={{ page: 'troubleshooting' }}>
          {t('quickstart.wrong.link')}
        </Link>
      </Section>
    </Stack>
  );
}

function Section({ step, children }: { readonly step: Step; readonly children: ReactNode }) {
  const { t } = useTranslation('docs');
  return (
    <Stack gap="sm" component="section">
      <Title order={2}>{t(`quickstart.${step}.title`)}</Title>
      <Text>
        <Rich text={t(`quickstart.${step}.text`)} />
      </Text>
      {children}
    </Stack>
  );
}
