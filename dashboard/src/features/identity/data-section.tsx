import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../ui/section.tsx';
import { Download } from '../../ui/download.tsx';
import { DeleteAccount } from './delete-account.tsx';
import type { Me } from './password-again.tsx';

export function DataSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <>
      <Section title={t('data.title')} description={t('data.description')}>
        <Group>
          <Download href="/api/me/export">{t('data.export')}</Download>
          <Download href="/api/events/download">{t('data.ledger')}</Download>
        </Group>
      </Section>
      <Section title={t('leave.title')} description={t('leave.description')}>
        <Group>
          <Button variant="default" color="red" onClick={() => setIsLeaving(true)}>
            {t('leave.begin')}
          </Button>
        </Group>
        <DeleteAccount me={me} opened={isLeaving} onClose={() => setIsLeaving(false)} />
      </Section>
    </>
  );
}
