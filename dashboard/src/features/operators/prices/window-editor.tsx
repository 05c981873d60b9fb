import { Button, Checkbox, Group, Stack, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Fault, faultAt, faultsBelow, type PriceWindow } from './draft.ts';
import { RatesTable } from './rates-table.tsx';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export interface WindowEditorProps {
  readonly window: PriceWindow;
  readonly faults: readonly Fault[];
  readonly path: string;
  readonly onChange: (window: PriceWindow) => void;
  readonly remove: () => void;
}

/** A time of the week with other rates. */
export function WindowEditor({ window, faults, path, onChange, remove }: WindowEditorProps) {
  const { t } = useTranslation('operators');
  const withDays = (chosen: string[]) => {
    const { days: _before, ...rest } = window;
    const days = DAYS.filter((day) => chosen.includes(day));
    onChange(days.length === DAYS.length || days.length === 0 ? rest : { ...rest, days });
  };
  return (
    <Stack gap="sm" mt="md" pl="md" style={{ borderLeft: '3px solid var(--mantine-color-default-border)' }}>
      <Group justify="space-between">
        <Title order={4}>{t('draft.window', { from: window.from, to: window.to })}</Title>
        <Button size="xs" variant="default" onClick={remove}>
          {t('draft.removeWindow')}
        </Button>
      </Group>
      <Group align="flex-start">
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            label={t(`draft.${end}`)}
            maw={140}
            value={window[end]}
            error={faultAt(faults, `${path}.${end}`)}
            onChange={(event) => onChange({ ...window, [end]: event.currentTarget.value })}
          />
        ))}
      </Group>
      <Checkbox.Group
        label={t('draft.days')}
        value={window.days ?? [...DAYS]}
        error={faultsBelow(faults, `${path}.days`)[0]?.message}
        onChange={withDays}
      >
        <Group mt={4}>
          {DAYS.map((day) => (
            <Checkbox key={day} value={day} label={t(`draft.weekdays.${day}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <RatesTable rates={window} faults={faults} path={path} onChange={(next) => onChange({ ...window, ...next })} />
    </Stack>
  );
}
