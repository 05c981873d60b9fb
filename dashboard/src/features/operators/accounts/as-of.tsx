import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldOf, instantOf } from '../utc.ts';

export interface AsOfProps {
  readonly value: string | undefined;
  readonly onChange: (asOf: string | undefined) => void;
}

/** Shows an account as it was. The instant is in UTC, as the books have it. */
export function AsOf({ value, onChange }: AsOfProps) {
  const { t } = useTranslation('operators');
  const [text, setText] = useState(fieldOf(value ?? ''));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text === '' ? undefined : instantOf(text));
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          type="datetime-local"
          step={1}
          label={t('account.asOf')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={text === ''}>
          {t('account.showThen')}
        </Button>
        {value !== undefined && (
          <Button variant="default" onClick={() => onChange(undefined)}>
            {t('account.showNow')}
          </Button>
        )}
      </Group>
    </form>
  );
}
