import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, meQuery, queryClient, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { type ChoiceValues, ChoiceInputs, fieldsOf } from './choice-inputs.tsx';
import { EffectShown } from './effect.tsx';
import { choiceName, choiceWords } from './queue-words.ts';

type Preview = Schema<'QueueChoice'>;

interface QueueChoiceProps {
  readonly item: Schema<'QueueItemWithChoices'>;
  readonly preview: Preview;
  readonly onDone: (outcome: Schema<'QueueOutcome'>) => void;
}

/** A choice: what it would do is shown first, then it is carried out with a reason. */
export function QueueChoice({ item, preview, onDone }: QueueChoiceProps) {
  const { t } = useTranslation('ledger');
  const { choice, role, second_person, takes } = preview;
  const [values, setValues] = useState<ChoiceValues>({});
  const shown = useMutation({ mutationFn: () => effectOf(item.id, choice, values) });
  const effect = shown.data ?? preview.effect;
  const mayChoose = useSuspenseQuery(meQuery).data.roles.includes(role);
  const change = (changed: ChoiceValues) => {
    setValues(changed);
    shown.reset();
  };
  return (
    <Paper withBorder p="md" component="section" aria-label={choiceName(t, choice)}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={3}>{choiceName(t, choice)}</Title>
          {second_person && (
            <Badge variant="default" tt="none">
              {t('queue.secondPerson')}
            </Badge>
          )}
        </Group>
        <Text size="sm">{choiceWords(t, preview)}</Text>
        {takes.length > 0 && <ChoiceInputs takes={takes} values={values} onChange={change} />}
        {takes.length > 0 && (
          <Group>
            <Button variant="default" size="xs" loading={shown.isPending} onClick={() => shown.mutate()}>
              {t('queue.show')}
            </Button>
          </Group>
        )}
        <FailureNotice error={shown.error} />
        {effect !== null && <EffectShown effect={effect} />}
        {mayChoose ? (
          <CarryOut item={item} preview={preview} values={values} effect={effect} onDone={onDone} />
        ) : (
          <Text size="sm">{t('queue.roleNeeded', { role })}</Text>
        )}
      </Stack>
    </Paper>
  );
}

async function effectOf(id: string, choice: string, values: ChoiceValues): Promise<Schema<'QueueEffect'>> {
  const params = { path: { id, choice }, query: fieldsOf(values) };
  const { data } = await client.GET('/api/operator/queue/{id}/{choice}', { params });
  if (data === undefined) throw new Error('the answer is empty');
  return data;
}

interface CarryOutProps extends QueueChoiceProps {
  readonly values: ChoiceValues;
  readonly effect: Schema<'QueueEffect'> | null;
}

/** Nothing is carried out whose effect has not been seen. */
function CarryOut({ item, preview, values, effect, onDone }: CarryOutProps) {
  const { t } = useTranslation('ledger');
  const [isAsking, setIsAsking] = useState(false);
  const choose = api.useMutation('post', '/api/operator/queue/{id}/{choice}');
  const { choice, second_person } = preview;
  const act = async (reason: string) => {
    const path = { id: item.id, choice };
    const body = { reason, state: item.state, ...fieldsOf(values) };
    onDone(await choose.mutateAsync({ params: { path }, body }));
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [, route] }) => /operator\/queue/.test(String(route)),
    });
  };
  const name = choiceName(t, choice);
  return (
    <Group>
      <Button disabled={effect === null || effect.refused !== null} onClick={() => setIsAsking(true)}>
        {second_person ? t('queue.propose', { name }) : name}
      </Button>
      {effect === null && <Text size="sm">{t('queue.showFirst')}</Text>}
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={name}
        act={second_person ? t('queue.proposeAct') : t('queue.act')}
        reason={t('queue.reason')}
        onConfirm={act}
      >
        <Stack gap="xs">
          <Text size="sm">{choiceWords(t, preview)}</Text>
          {second_person && <Text size="sm">{t('queue.secondPersonLong')}</Text>}
          {effect !== null && <EffectShown effect={effect} />}
        </Stack>
      </Confirm>
    </Group>
  );
}
