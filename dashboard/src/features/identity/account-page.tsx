import { Stack } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../api/client.ts';
import { Page } from '../../ui/page.tsx';
import { AddressSection } from './address-section.tsx';
import { DataSection } from './data-section.tsx';
import { FaultOf } from './fault.tsx';
import { GoogleSection } from './google-section.tsx';
import { LookSection } from './look-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

export function AccountPage() {
  const { t } = useTranslation('identity');
  const { fault } = useSearch({ strict: false });
  const me = useSuspenseQuery(meQuery).data;
  return (
    <Page title={t('account.title')} description={t('account.description')}>
      <Stack maw={760} gap="lg">
        <FaultOf code={fault} />
        <AddressSection me={me} />
        <PasswordSection me={me} />
        <SecondFactorSection me={me} />
        <SessionsSection />
        <GoogleSection me={me} />
        <LookSection />
        <DataSection me={me} />
      </Stack>
    </Page>
  );
}
