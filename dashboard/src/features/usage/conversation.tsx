import { Badge, Button, Card, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconPlayerStop, IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { countText } from '../../ui/instant.tsx';
import { Link } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Empty } from '../../ui/query-state.tsx';
import type { Turn, useChat } from './use-chat.ts';

export interface ConversationProps {
  readonly chat: ReturnType<typeof useChat>;
  readonly question: string;
  readonly onQuestion: (question: string) => void;
  /** Whether there is a key. */
  readonly canAsk: boolean;
  readonly onAsk: () => void;
}

export function Conversation({ chat, question, onQuestion, canAsk, onAsk }: ConversationProps) {
  const { t } = useTranslation('usage');
  const { turns, isAsking, stop, clear } = chat;
  const isReady = canAsk && !isAsking && question.trim() !== '';
  return (
    <Card withBorder component="section" aria-label={t('playground.conversation')} mih={320}>
      <Stack justify="space-between" style={{ flex: 1 }}>
        {turns.length === 0 && <Empty>{t(canAsk ? 'playground.empty' : 'playground.needsKey')}</Empty>}
        <Stack role="log" aria-label={t('playground.answers')}>
          {turns.map((turn, index) => (
            <Said key={index} turn={turn} />
          ))}
        </Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) onAsk();
          }}
        >
          <Textarea
            label={t('playground.message')}
            description={t('playground.messageHint')}
            value={question}
            onChange={(event) => onQuestion(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && isReady) onAsk();
            }}
            autosize
            minRows={2}
            maxRows={10}
          />
          <Group mt="sm" justify="flex-end">
            {turns.length > 0 && !isAsking && (
              <Button variant="default" onClick={clear}>
                {t('playground.clear')}
              </Button>
            )}
            {isAsking ? (
              <Button
                color="red"
                // It takes the place of “Send”, where the second click of a double click would land.
                onClick={({ detail: clicks }) => {
                  if (clicks < 2) stop();
                }}
                leftSection={<IconPlayerStop size={16} aria-hidden />}
              >
                {t('playground.stop')}
              </Button>
            ) : (
              <Button type="submit" disabled={!isReady} leftSection={<IconSend size={16} aria-hidden />}>
                {t('playground.send')}
              </Button>
            )}
          </Group>
        </form>
      </Stack>
    </Card>
  );
}

/** A question and its answer, as plain text. */
function Said({ turn: { question, answer, state } }: { readonly turn: Turn }) {
  const { t } = useTranslation('usage');
  const asWritten = { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } as const;
  return (
    <Stack gap="xs">
      <Badge variant="default" tt="none">
        {t('playground.you')}
      </Badge>
      <Text style={asWritten}>{question}</Text>
      <Badge variant="default" tt="none">
        {t('playground.model')}
      </Badge>
      <Text style={asWritten} aria-busy={state === 'asking'}>
        {answer.text}
        {state === 'asking' && ' …'}
      </Text>
      <FailureNotice error={answer.failure} />
      <Costs answer={answer} state={state} />
    </Stack>
  );
}

function Costs({ answer: { usage, cost, requestId }, state }: Pick<Turn, 'answer' | 'state'>) {
  const { t } = useTranslation('usage');
  return (
    <Group gap="md" role="status">
      {usage !== undefined && (
        <Text size="sm" c="dimmed">
          {t('playground.tokens', {
            prompt: countText(usage.prompt_tokens),
            completion: countText(usage.completion_tokens),
          })}
        </Text>
      )}
      {cost !== undefined && (
        <Text size="sm" c="dimmed">
          {t('cost')} <Money amount={cost} whole />
        </Text>
      )}
      {state === 'stopped' && (
        <Text size="sm" c="dimmed">
          {t('playground.stopped')}
        </Text>
      )}
      {state !== 'asking' && typeof requestId === 'string' && (
        <Link to="/usage" search={{ request_id: requestId }} size="sm">
          {t('playground.inUsage')}
        </Link>
      )}
    </Group>
  );
}
