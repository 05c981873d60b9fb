import { Checkbox, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { inWords } from '../../../app/i18n.ts';

export interface AcceptWarningsProps {
  readonly warnings: Schema<'PriceListCheck'>['warnings'];
  readonly accepted: boolean;
  readonly onChange: (accepted: boolean) => void;
}

/** What may be a mistake, and that it was read. */
export function AcceptWarnings({ warnings, accepted, onChange }: AcceptWarningsProps) {
  const { t } = useTranslation('operators');
  if (warnings.length === 0) return null;
  return (
    <Stack gap="xs">
      <Text fw={600}>{t('draft.warnings', { count: warnings.length })}</Text>
      <List size="sm">
        {warnings.map(({ code, model, message }) => (
          <List.Item key={`${code} ${model}`}>{inWords(message, code)}</List.Item>
        ))}
      </List>
      <Checkbox
        label={t('draft.accept')}
        checked={accepted}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </Stack>
  );
}
