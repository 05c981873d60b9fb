import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DollarsInputProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** An amount of US dollars, which stays the text that was typed: the API reads it. */
export const DollarsInput = ({ label, description, error, value, onChange }: DollarsInputProps) => (
  <TextInput
    label={label}
    description={description}
    error={error}
    inputMode="decimal"
    autoComplete="off"
    leftSection="$"
    required
    withAsterisk={false}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value.trim())}
  />
);
