import { TextInput } from '@mantine/core';

export interface DollarsInputProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** An amount of US dollars, which stays the text that was typed: the API reads it. */
export const DollarsInput = ({ label, description, value, onChange }: DollarsInputProps) => (
  <TextInput
    label={label}
    description={description}
    inputMode="decimal"
    autoComplete="off"
    leftSection="$"
    required
    withAsterisk={false}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value.trim())}
  />
);
