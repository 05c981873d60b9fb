import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { FailureNotice } from './failure-notice.tsx';

export interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** What the button says: the act, never "OK". */
  readonly act: string;
  readonly isDestructive?: boolean;
  /** The label of the reason, where the act needs one. */
  readonly reason?: string;
  /** Rejects with what went wrong, which is shown; closes when it resolves. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

/** Asks once before an act, saying what it does. */
export function Confirm({
  opened,
  onClose,
  title,
  children,
  act,
  isDestructive = false,
  reason,
  onConfirm,
}: ConfirmProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const close = () => {
    setError(undefined);
    setText('');
    onClose();
  };
  const confirm = async () => {
    setIsBusy(true);
    try {
      await onConfirm(text.trim());
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog opened={opened} onClose={close} isBusy={isBusy} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <Stack>
          <Text component="div" size="sm">
            {children}
          </Text>
          {reason !== undefined && (
            <Textarea
              label={reason}
              required
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autosize
              minRows={2}
              data-autofocus
            />
          )}
          <FailureNotice error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close} disabled={isBusy}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              color={isDestructive ? 'red' : undefined}
              loading={isBusy}
              disabled={reason !== undefined && text.trim() === ''}
            >
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
