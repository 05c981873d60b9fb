import { Grid, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { SLOWLY_MS, useLive } from '../../api/live.ts';
import { Money } from '../../ui/money.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Conversation } from './conversation.tsx';
import type { ChatRequest } from './examples.ts';
import { KeyChoice, KeyInUse } from './key-choice.tsx';
import { ModelSettings, type Settings } from './model-settings.tsx';
import { SameCall } from './same-call.tsx';
import { firstModelOf, useTabKey } from './tab-key.ts';
import { messagesOf, type Turn, useChat } from './use-chat.ts';

const route = getRouteApi('/person/account/playground');
/** What the same call asks while nothing is written. */
const EXAMPLE = 'Give me one fact about octopuses.';
const START: Settings = { system: '', temperature: '', maxTokens: 500 };

export function PlaygroundPage() {
  const { t } = useTranslation('usage');
  const { model: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const key = useTabKey();
  const [settings, setSettings] = useState(START);
  const [question, setQuestion] = useState('');
  const chat = useChat();
  useLive();
  const prices = api.useQuery('get', '/api/prices');
  const balance = api.useQuery('get', '/api/balance', {}, { refetchInterval: SLOWLY_MS });
  return (
    <Page
      title={t('playground.title')}
      description={t('playground.description')}
      actions={
        balance.data && (
          <Text size="sm">
            {t('overview.available')} <Money amount={balance.data.available} />
          </Text>
        )
      }
    >
      {key === undefined ? <KeyChoice /> : <KeyInUse value={key} />}
      <QueryState query={prices} lines={10}>
        {({ data }) => {
          const models = data.filter(({ available, kind }) => available && kind === 'chat');
          const usual = models.find(({ model }) => model === firstModelOf({ allowed_models: null })) ?? models[0];
          const model = models.find((each) => each.model === chosen) ?? usual;
          if (model === undefined) return <Text>{t('playground.noModels')}</Text>;
          const request: ChatRequest = {
            model: model.model,
            messages: messagesOf(settings.system, chat.turns, question),
            ...(typeof settings.temperature === 'number' && { temperature: settings.temperature }),
            ...(typeof settings.maxTokens === 'number' && { max_tokens: settings.maxTokens }),
            stream: true,
          };
          return (
            <Stack>
              <Grid gap="lg">
                <Grid.Col span={{ base: 12, md: 4 }}>
                  <ModelSettings
                    models={models}
                    model={model}
                    settings={settings}
                    onModel={(name) => void navigate({ search: { model: name }, replace: true })}
                    onSettings={setSettings}
                  />
                </Grid.Col>
                <Grid.Col span={{ base: 12, md: 8 }}>
                  <Conversation
                    chat={chat}
                    question={question}
                    onQuestion={setQuestion}
                    canAsk={key !== undefined}
                    onAsk={() => {
                      if (key === undefined) return;
                      setQuestion('');
                      void chat.ask(key, request, question);
                    }}
                  />
                </Grid.Col>
              </Grid>
              <SameCall request={{ ...request, messages: shownMessages(settings.system, chat.turns, question) }} />
            </Stack>
          );
        }}
      </QueryState>
    </Page>
  );
}

/** What is shown as the same call: what is being written, else the latest call, else an example. */
function shownMessages(system: string, turns: readonly Turn[], question: string): ChatRequest['messages'] {
  const last = turns.at(-1);
  if (question.trim() !== '' || last === undefined)
    return messagesOf(system, turns, question.trim() === '' ? EXAMPLE : question);
  return messagesOf(system, turns.slice(0, -1), last.question);
}
