import { Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Section } from '../../ui/section.tsx';
import { ActForm } from './act-form.tsx';
import { useFieldFault } from './fault.tsx';
import { type Me, PasswordAgain } from './password-again.tsx';
import { SendAgain } from './send-again.tsx';

export function AddressSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const change = api.useMutation('post', '/api/me/email');
  const faultOf = useFieldFault(change.error);
  const body = change.variables?.body;
  return (
    <Section title={t('email')} description={t('account.address.description', { email: me.email })}>
      {change.isSuccess && body !== undefined ? (
        <>
          <Text role="status">{t('account.address.sent', { email: body.email })}</Text>
          <SendAgain send={() => change.mutateAsync({ body })} wasSent />
        </>
      ) : (
        <ActForm
          act={t('account.address.act')}
          work={change}
          onAct={({ email = '', password }) =>
            change.mutate({ body: { email, ...(password !== undefined && { password }) } })
          }
        >
          <TextInput
            label={t('account.address.new')}
            name="email"
            type="email"
            autoComplete="email"
            required
            error={faultOf('email')}
          />
          <PasswordAgain me={me} />
        </ActForm>
      )}
    </Section>
  );
}
