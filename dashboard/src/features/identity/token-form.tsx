import { Button } from '@mantine/core';
import { Fault } from './fault.tsx';

export interface TokenFormProps {
  readonly act: string;
  readonly work: { readonly error: unknown; readonly isPending: boolean };
  readonly onAct: () => void;
}

/** The button that uses a mailed link. */
export const TokenForm = ({ act, work, onAct }: TokenFormProps) => (
  <>
    <Fault error={work.error} />
    <Button onClick={onAct} loading={work.isPending} autoFocus>
      {act}
    </Button>
  </>
);
