import { Button, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Fault } from './fault.tsx';
import { valuesOf } from './fields.tsx';

export interface ActFormProps {
  readonly act: string;
  readonly work: { readonly error: unknown; readonly isPending: boolean };
  readonly onAct: (values: Readonly<Record<string, string>>) => void;
  readonly isDestructive?: boolean;
  readonly children: ReactNode;
}

/** A form with one button, which says what it does. */
export function ActForm({ act, work, onAct, isDestructive = false, children }: ActFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onAct(valuesOf(event.currentTarget));
  };
  return (
    <form onSubmit={submit}>
      <Stack align="stretch" maw={420}>
        <Fault error={work.error} />
        {children}
        <Button
          type="submit"
          loading={work.isPending}
          color={isDestructive ? 'red' : undefined}
          style={{ alignSelf: 'flex-start' }}
        >
          {act}
        </Button>
      </Stack>
    </form>
  );
}
