import { Group, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { operations } from '../../api/schema.d.ts';

const COUNTS = [
  'prompt_tokens',
  'cached_tokens',
  'explicit_cached_tokens',
  'cache_write_tokens',
  'cache_write_1h_tokens',
  'completion_tokens',
  'reasoning_tokens',
] as const;
const TEXTS = ['amount', 'topup_id', 'evidence'] as const;
type Count = (typeof COUNTS)[number];
type TextField = (typeof TEXTS)[number];

export type ChoiceValues = Readonly<Partial<Record<Count, number> & Record<TextField, string>>>;
type Fields = NonNullable<operations['queue_preview']['parameters']['query']>;

/** What was filled in, as the routes take it. */
export const fieldsOf = (values: ChoiceValues): Fields =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

interface ChoiceInputsProps {
  /** What the choice takes: `counts`, `amount`, `topup_id`, `evidence`. */
  readonly takes: readonly string[];
  readonly values: ChoiceValues;
  readonly onChange: (values: ChoiceValues) => void;
}

/** What some choices must be told. */
export function ChoiceInputs({ takes, values, onChange }: ChoiceInputsProps) {
  const { t } = useTranslation('ledger');
  return (
    <Group gap="sm" align="flex-end">
      {takes.includes('counts') &&
        COUNTS.map((name) => (
          <NumberInput
            key={name}
            label={t(`queue.input.${name}`)}
            value={values[name] ?? ''}
            min={0}
            allowDecimal={false}
            onChange={(value) => onChange(changed(values, name, typeof value === 'number' ? value : undefined))}
            w={200}
          />
        ))}
      {TEXTS.filter((name) => takes.includes(name)).map((name) => (
        <TextInput
          key={name}
          label={t(`queue.input.${name}`)}
          value={values[name] ?? ''}
          onChange={({ currentTarget: { value } }) => onChange(changed(values, name, value.trim() || undefined))}
          w={260}
        />
      ))}
    </Group>
  );
}

function changed(values: ChoiceValues, name: Count | TextField, value: number | string | undefined): ChoiceValues {
  const { [name]: _before, ...rest } = values;
  return value === undefined ? rest : { ...rest, [name]: value };
}
