// Filters above tables: what is chosen is in the address of the page.
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly choices: readonly Value[];
  readonly name: (value: Value) => string;
  readonly onChange: (value: Value | undefined) => void;
  /** What it is where nothing is chosen; "all" without it. */
  readonly none?: string;
}

/** One of a few, or all of them. */
export function Choice<Value extends string>({ label, value, choices, name, onChange, none }: ChoiceProps<Value>) {
  const { t } = useTranslation('finance');
  return (
    <NativeSelect
      label={label}
      size="xs"
      value={value ?? ''}
      onChange={({ currentTarget }) => onChange(choices.find((choice) => choice === currentTarget.value))}
      data={[
        { value: '', label: none ?? t('all') },
        ...choices.map((choice) => ({ value: choice, label: name(choice) })),
      ]}
    />
  );
}

export interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly placeholder?: string;
}

/** A text that counts when it is left, or with Enter. */
export function TextFilter({ label, value = '', onChange, placeholder }: TextFilterProps) {
  const [text, setText] = useState(value);
  const commit = () => {
    const next = text.trim();
    if (next !== value) onChange(next === '' ? undefined : next);
  };
  return (
    <TextInput
      label={label}
      size="xs"
      value={text}
      placeholder={placeholder}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit();
      }}
    />
  );
}

/** A day, UTC. */
export const DayFilter = ({ label, value = '', onChange }: Omit<TextFilterProps, 'placeholder'>) => (
  <TextInput
    label={label}
    type="date"
    size="xs"
    value={value}
    onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
  />
);
