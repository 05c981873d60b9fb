import { Alert, Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, meQuery, queryClient } from '../../api/client.ts';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { ActForm } from './act-form.tsx';
import { CodeField } from './fields.tsx';
import type { Me } from './password-again.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { SetUpFactor } from './set-up-factor.tsx';

/** A code more than once is a way in that gets lost: so many left, and one is reminded. */
const FEW = 3;

export function SecondFactorSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const [codes, setCodes] = useState<readonly string[]>();
  const { enabled, required } = me.second_factor;
  return (
    <Section title={t('factor.title')} description={t('factor.description')}>
      <Group>
        <Status tone={enabled ? 'good' : required ? 'bad' : 'neutral'}>
          {t(enabled ? 'factor.on' : 'factor.off')}
        </Status>
      </Group>
      {required && !enabled && <Alert color="yellow">{t('factor.required')}</Alert>}
      {codes !== undefined && <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />}
      {enabled ? <FactorOn me={me} onCodes={setCodes} /> : <SetUpFactor me={me} onCodes={setCodes} />}
    </Section>
  );
}

interface FactorOnProps {
  readonly me: Me;
  readonly onCodes: (codes: readonly string[]) => void;
}

function FactorOn({ me, onCodes }: FactorOnProps) {
  const { t } = useTranslation('identity');
  const [act, setAct] = useState<'renew' | 'end'>();
  const onSuccess = () => {
    setAct(undefined);
    return queryClient.invalidateQueries(meQuery);
  };
  const renew = api.useMutation('post', '/api/me/second-factor/recovery-codes', {
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      return onSuccess();
    },
  });
  const end = api.useMutation('delete', '/api/me/second-factor', {
    onSuccess: () => {
      notifications.show({ message: t('factor.ended') });
      return onSuccess();
    },
  });
  const left = me.second_factor.recovery_codes_left;
  return (
    <>
      {left <= FEW && <Alert color="yellow">{t('factor.fewLeft', { count: left })}</Alert>}
      {act === undefined && (
        <Group>
          <Button variant="default" onClick={() => setAct('renew')}>
            {t('factor.renew')}
          </Button>
          <Button variant="default" onClick={() => setAct('end')}>
            {t('factor.end')}
          </Button>
        </Group>
      )}
      {act === 'renew' && (
        <ActForm act={t('factor.renew')} work={renew} onAct={({ totp = '' }) => renew.mutate({ body: { totp } })}>
          {t('factor.whatRenewDoes')}
          <CodeField autoFocus />
        </ActForm>
      )}
      {act === 'end' && (
        <ActForm
          act={t('factor.end')}
          isDestructive
          work={end}
          onAct={({ totp = '' }) => end.mutate({ body: { totp } })}
        >
          {t(me.second_factor.required ? 'factor.whatEndDoesToStaff' : 'factor.whatEndDoes')}
          <CodeField autoFocus />
        </ActForm>
      )}
    </>
  );
}
