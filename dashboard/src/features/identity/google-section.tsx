import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery, queryClient } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Section } from '../../ui/section.tsx';
import { ActForm } from './act-form.tsx';
import { type Me, PasswordAgain } from './password-again.tsx';

/** The Google account of a person, where Google is set up or one is linked. */
export function GoogleSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const methods = api.useQuery('get', '/api/auth/methods').data;
  if (me.google !== null) return <Linked me={me} email={me.google.email} />;
  if (methods?.google !== true) return null;
  return (
    <Section title="Google" description={t('google.none')}>
      <LinkForm me={me} />
    </Section>
  );
}

function LinkForm({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const link = api.useMutation('post', '/api/me/google', {
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <ActForm
      act={t('google.link')}
      work={link}
      onAct={({ password }) => link.mutate({ body: password === undefined ? {} : { password } })}
    >
      <PasswordAgain me={me} />
    </ActForm>
  );
}

function Linked({ me, email }: { readonly me: Me; readonly email: string }) {
  const { t } = useTranslation('identity');
  const [isAsking, setIsAsking] = useState(false);
  const unlink = api.useMutation('delete', '/api/me/google', {
    onSuccess: () => {
      notifications.show({ message: t('google.unlinked') });
      return queryClient.invalidateQueries(meQuery);
    },
  });
  return (
    <Section title="Google" description={t(me.has_password ? 'google.linked' : 'google.only', { email })}>
      {me.has_password && (
        <Group>
          <Button variant="default" onClick={() => setIsAsking(true)}>
            {t('google.unlink')}
          </Button>
          <Confirm
            opened={isAsking}
            onClose={() => setIsAsking(false)}
            title={t('google.unlink')}
            act={t('google.unlink')}
            onConfirm={() => unlink.mutateAsync({})}
          >
            {t('google.whatUnlinkDoes', { email })}
          </Confirm>
        </Group>
      )}
    </Section>
  );
}
