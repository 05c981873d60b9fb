import { Box, Code, Group, Stack, Text } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { useTranslation } from 'react-i18next';
import { api, type Schema, sessionRenewed } from '../../api/client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ActForm } from './act-form.tsx';
import { CodeField } from './fields.tsx';
import { type Me, PasswordAgain } from './password-again.tsx';

export interface SetUpFactorProps {
  readonly me: Me;
  /** The recovery codes, which are shown this once. */
  readonly onCodes: (codes: readonly string[]) => void;
}

export function SetUpFactor({ me, onCodes }: SetUpFactorProps) {
  const { t } = useTranslation('identity');
  const begin = api.useMutation('post', '/api/me/second-factor');
  const confirm = api.useMutation('post', '/api/me/second-factor/confirm', {
    onSuccess: async ({ recovery_codes }) => {
      onCodes(recovery_codes);
      await sessionRenewed();
    },
  });
  if (begin.data === undefined)
    return (
      <ActForm
        act={t('factor.begin')}
        work={begin}
        onAct={({ password }) => begin.mutate({ body: password === undefined ? {} : { password } })}
      >
        <PasswordAgain me={me} />
      </ActForm>
    );
  return (
    <Stack>
      <Secret setUp={begin.data} />
      <ActForm act={t('factor.confirm')} work={confirm} onAct={({ totp = '' }) => confirm.mutate({ body: { totp } })}>
        <CodeField label={t('factor.firstCode')} description={t('factor.firstCodeHint')} autoFocus />
      </ActForm>
    </Stack>
  );
}

function Secret({ setUp: { secret, otpauth_url: url } }: { readonly setUp: Schema<'TotpSetUp'> }) {
  const { t } = useTranslation('identity');
  return (
    <Group align="flex-start" gap="lg">
      <Box bg="white" p="sm" bd="1px solid var(--mantine-color-default-border)">
        <QRCodeSVG value={url} size={180} title={t('factor.qr')} />
      </Box>
      <Stack gap="xs" flex="1 1 14rem">
        <Text size="sm">{t('factor.scan')}</Text>
        <Text size="sm">{t('factor.type')}</Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <Group>
          <CopyButton text={secret} label={t('factor.copySecret')} />
        </Group>
      </Stack>
    </Group>
  );
}
