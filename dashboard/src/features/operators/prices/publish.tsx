import { Button, Checkbox, Group, List, Radio, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../../api/client.ts';
import { FailureNotice } from '../../../ui/failure-notice.tsx';
import { fieldOf, instantOf } from '../utc.ts';
import { documentOf, type Draft } from './draft.ts';

export interface PublishProps {
  readonly draft: Draft;
  readonly check: Schema<'PriceListCheck'>;
  readonly isChecking: boolean;
  readonly onChange: (draft: Draft | null) => void;
}

/** From when, why, and with which warnings accepted; then it is published. */
export function Publish({ draft, check: { faults, warnings, changes }, isChecking, onChange }: PublishProps) {
  const { t } = useTranslation('operators');
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [accepted, setAccepted] = useState(false);
  const publish = api.useMutation('post', '/api/operator/price-lists', {
    onSuccess: async ({ version }) => {
      onChange(null);
      await queryClient.invalidateQueries({
        predicate: ({ queryKey: [, path] }) => String(path).startsWith('/api/operator/'),
      });
      notifications.show({ message: t('draft.published', { version }) });
      await navigate({ to: '/operator/prices/$version', params: { version: String(version) } });
    },
  });
  const isReady =
    faults.length === 0 && changes.length > 0 && reason.trim() !== '' && (warnings.length === 0 || accepted);
  const body = {
    ...documentOf(draft),
    expected_version: draft.newest,
    reason: reason.trim(),
    accept_warnings: accepted && warnings.length > 0,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        publish.mutate({ body });
      }}
    >
      <Stack gap="md">
        <Title order={2}>{t('draft.publishTitle')}</Title>
        <EffectiveFrom draft={draft} onChange={onChange} />
        {warnings.length > 0 && (
          <Stack gap="xs">
            <Text fw={600}>{t('draft.warnings', { count: warnings.length })}</Text>
            <List size="sm">
              {warnings.map(({ code, model, message }) => (
                <List.Item key={`${code} ${model}`}>{message}</List.Item>
              ))}
            </List>
            <Checkbox
              label={t('draft.accept')}
              checked={accepted}
              onChange={(event) => setAccepted(event.currentTarget.checked)}
            />
          </Stack>
        )}
        <Textarea
          label={t('suspend.reason')}
          required
          autosize
          minRows={2}
          maw={640}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {faults.length > 0 && <Text>{t('draft.mendFirst', { count: faults.length })}</Text>}
        {faults.length === 0 && changes.length === 0 && <Text>{t('draft.sameAsNow')}</Text>}
        <FailureNotice error={publish.error} />
        <Group>
          <Button type="submit" disabled={!isReady || isChecking} loading={publish.isPending}>
            {t('draft.publish')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function EffectiveFrom({ draft, onChange }: Pick<PublishProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('operators');
  const { effectiveFrom, ...rest } = draft;
  const at = (text: string) => onChange({ ...rest, effectiveFrom: instantOf(text) });
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 'yyyy-mm-dd'.length);
  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('draft.effective')}
        value={effectiveFrom === undefined ? 'now' : 'at'}
        onChange={(value) => (value === 'now' ? onChange(rest) : at(`${tomorrow()}T00:00`))}
      >
        <Group mt={4}>
          <Radio value="now" label={t('draft.fromNow')} />
          <Radio value="at" label={t('draft.fromInstant')} />
        </Group>
      </Radio.Group>
      {effectiveFrom !== undefined && (
        <TextInput
          type="datetime-local"
          step={1}
          label={t('draft.instant')}
          description={t('draft.instantWhat')}
          maw={280}
          value={fieldOf(effectiveFrom)}
          onChange={(event) => event.currentTarget.value !== '' && at(event.currentTarget.value)}
        />
      )}
    </Stack>
  );
}
