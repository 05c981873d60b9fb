import { Group, Radio, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fieldOf, instantOf } from '../utc.ts';

export interface EffectiveFromProps {
  /** ISO 8601; undefined: from when it is published. */
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

/** From when a version is in force. */
export function EffectiveFrom({ at, onChange }: EffectiveFromProps) {
  const { t } = useTranslation('operators');
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 'yyyy-mm-dd'.length);
  return (
    <Stack gap="xs">
      <Radio.Group
        label={t('draft.effective')}
        value={at === undefined ? 'now' : 'at'}
        onChange={(value) => onChange(value === 'now' ? undefined : instantOf(`${tomorrow()}T00:00`))}
      >
        <Group mt={4}>
          <Radio value="now" label={t('draft.fromNow')} />
          <Radio value="at" label={t('draft.fromInstant')} />
        </Group>
      </Radio.Group>
      {at !== undefined && (
        <TextInput
          type="datetime-local"
          step={1}
          label={t('draft.instant')}
          description={t('draft.instantWhat')}
          maw={280}
          value={fieldOf(at)}
          onChange={(event) => event.currentTarget.value !== '' && onChange(instantOf(event.currentTarget.value))}
        />
      )}
    </Stack>
  );
}
