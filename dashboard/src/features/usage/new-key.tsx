import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../api/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyForm } from './key-form.tsx';
import { KeySecret } from './key-secret.tsx';
import { NEW_KEY, newKeyOf } from './key-values.ts';
import { holdKey } from './tab-key.ts';

/** After a key was made or changed. */
export const keysChanged = (): void => {
  for (const path of ['/api/keys', '/api/overview']) void queryClient.invalidateQueries({ queryKey: ['get', path] });
};

/** Makes a key: first its settings, then the key itself. */
export function NewKey({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('usage');
  const [issued, setIssued] = useState<Schema<'IssuedKey'>>();
  const create = api.useMutation('post', '/api/keys', {
    onSuccess: (key) => {
      setIssued(key);
      holdKey(key.key);
      keysChanged();
    },
  });
  const close = () => {
    onClose();
    setIssued(undefined);
    create.reset();
  };
  return (
    <Dialog
      opened={opened}
      onClose={close}
      isBusy={create.isPending}
      size="lg"
      title={issued === undefined ? t('keys.new') : t('secret.title', { name: issued.name })}
      closeOnClickOutside={issued === undefined}
      closeOnEscape={issued === undefined}
    >
      {issued === undefined ? (
        <KeyForm
          values={NEW_KEY}
          act={t('keys.create')}
          isBusy={create.isPending}
          error={create.error}
          onSubmit={(values) => create.mutate({ body: newKeyOf(values) })}
          onCancel={close}
        />
      ) : (
        <KeySecret issued={issued} onClose={close} />
      )}
    </Dialog>
  );
}
