import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, sessionRenewed } from '../../api/client.ts';
import { Section } from '../../ui/section.tsx';
import { ActForm } from './act-form.tsx';
import { useFieldFault } from './fault.tsx';
import { CurrentPasswordField, NewPasswordField } from './fields.tsx';
import type { Me } from './password-again.tsx';

export function PasswordSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const [round, setRound] = useState(0);
  const change = api.useMutation('post', '/api/me/password', {
    onSuccess: async () => {
      await sessionRenewed();
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/me/sessions'] });
      setRound((before) => before + 1); // empties the form
      notifications.show({ message: t('account.password.done') });
    },
  });
  const faultOf = useFieldFault(change.error);
  return (
    <Section
      title={t('password')}
      description={t(me.has_password ? 'account.password.description' : 'account.password.none')}
    >
      <ActForm
        key={round}
        act={t(me.has_password ? 'account.password.act' : 'account.password.set')}
        work={change}
        onAct={({ current_password, password: new_password = '' }) =>
          change.mutate({ body: { new_password, ...(current_password !== undefined && { current_password }) } })
        }
      >
        <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
        {me.has_password && <CurrentPasswordField label={t('currentPassword')} name="current_password" />}
        <NewPasswordField isReplacement error={faultOf('new_password')} />
      </ActForm>
    </Section>
  );
}
