import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, queryClient, type Schema } from '../../api/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Section } from '../../ui/section.tsx';
import { type Role, ROLES } from './next.ts';

type Act = { readonly kind: 'grant' | 'revoke'; readonly role: Role } | { readonly kind: 'end' };

/** What an operator can do about somebody: each act says what it does, and asks for a reason. */
export function PersonActs({ person }: { readonly person: Schema<'PersonInDetail'> }) {
  const { t } = useTranslation('identity');
  const [act, setAct] = useState<Act>();
  return (
    <Section title={t('people.acts.title')} description={t('people.acts.description')}>
      <Group>
        {ROLES.map((role) => {
          const kind = person.roles.includes(role) ? 'revoke' : 'grant';
          return (
            <Button key={role} variant="default" onClick={() => setAct({ kind, role })}>
              {t(`people.acts.${kind}`, { role: t(`people.roles.${role}`) })}
            </Button>
          );
        })}
        <Button variant="default" onClick={() => setAct({ kind: 'end' })} disabled={person.sessions === 0}>
          {t('people.acts.end')}
        </Button>
      </Group>
      {act !== undefined && <ConfirmAct person={person} act={act} onClose={() => setAct(undefined)} />}
    </Section>
  );
}

interface ConfirmActProps {
  readonly person: Schema<'PersonInDetail'>;
  readonly act: Act;
  readonly onClose: () => void;
}

function ConfirmAct({ person: { user_id: id, email }, act, onClose }: ConfirmActProps) {
  const { t } = useTranslation('identity');
  const grant = api.useMutation('post', '/api/operator/people/{id}/grant');
  const revoke = api.useMutation('post', '/api/operator/people/{id}/revoke');
  const end = api.useMutation('post', '/api/operator/people/{id}/end-sessions');
  const role = act.kind === 'end' ? '' : t(`people.roles.${act.role}`);
  const title = t(`people.acts.${act.kind}`, { role });
  const params = { path: { id } };
  const work = (reason: string) => {
    if (act.kind === 'end') return end.mutateAsync({ params, body: { reason } });
    return (act.kind === 'grant' ? grant : revoke).mutateAsync({ params, body: { role: act.role, reason } });
  };
  const confirm = async (reason: string) => {
    await work(reason);
    notifications.show({ message: t('people.acts.done') });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/operator/people'] });
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/operator/people/{id}'] });
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={title}
      act={title}
      isDestructive={act.kind !== 'grant'}
      reason={t('people.acts.reason')}
      onConfirm={confirm}
    >
      {t(`people.acts.what.${act.kind}`, { email, role })}
    </Confirm>
  );
}
