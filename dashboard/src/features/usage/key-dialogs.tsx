// What can be done with a key that there is: change its settings, revoke it, issue it anew.
import { Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, client, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyForm } from './key-form.tsx';
import { KeySecret } from './key-secret.tsx';
import { changeOf, valuesOf } from './key-values.ts';
import { keysChanged } from './new-key.tsx';
import { holdKey } from './tab-key.ts';

export type KeyAct = 'edit' | 'revoke' | 'reissue';

export interface KeyDialogProps {
  readonly apiKey: Schema<'ApiKey'>;
  readonly onClose: () => void;
}

export function EditKey({ apiKey, onClose }: KeyDialogProps) {
  const { t } = useTranslation('usage');
  const before = valuesOf(apiKey);
  const change = api.useMutation('patch', '/api/keys/{id}', {
    onSuccess: () => {
      keysChanged();
      onClose();
    },
  });
  return (
    <Dialog
      opened
      onClose={onClose}
      isBusy={change.isPending}
      size="lg"
      title={t('keys.editTitle', { name: apiKey.name })}
    >
      <KeyForm
        values={before}
        act={t('keys.save')}
        isBusy={change.isPending}
        error={change.error}
        onSubmit={(values) => change.mutate({ params: { path: { id: apiKey.id } }, body: changeOf(before, values) })}
        onCancel={onClose}
      />
    </Dialog>
  );
}

export function RevokeKey({ apiKey, onClose }: KeyDialogProps) {
  const { t } = useTranslation('usage');
  const revoke = async () => {
    await client.POST('/api/keys/{id}/revoke', { params: { path: { id: apiKey.id } } });
    keysChanged();
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('keys.revokeTitle', { name: apiKey.name })}
      act={t('keys.revoke')}
      isDestructive
      onConfirm={revoke}
    >
      {t('keys.revokeText', { last4: apiKey.last4 })}
    </Confirm>
  );
}

export function ReissueKey({ apiKey, onClose }: KeyDialogProps) {
  const { t } = useTranslation('usage');
  const [issued, setIssued] = useState<Schema<'IssuedKey'>>();
  // The question closes itself once the key is there, which is then shown in its place.
  const isDone = useRef(false);
  const reissue = async () => {
    const { data } = await client.POST('/api/keys/{id}/reissue', { params: { path: { id: apiKey.id } } });
    isDone.current = true;
    setIssued(data);
    holdKey(data?.key);
    keysChanged();
  };
  if (issued !== undefined)
    return (
      <Dialog
        opened
        onClose={onClose}
        size="lg"
        title={t('secret.title', { name: issued.name })}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <KeySecret issued={issued} onClose={onClose} />
      </Dialog>
    );
  return (
    <Confirm
      opened
      onClose={() => {
        if (!isDone.current) onClose();
      }}
      title={t('keys.reissueTitle', { name: apiKey.name })}
      act={t('keys.reissue')}
      isDestructive
      onConfirm={reissue}
    >
      <Text size="sm">{t('keys.reissueText', { last4: apiKey.last4 })}</Text>
    </Confirm>
  );
}
