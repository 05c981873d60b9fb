import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../ui/section.tsx';
import { DeleteAccount } from './delete-account.tsx';
import type { Me } from './password-again.tsx';

export function DataSection({ me }: { readonly me: Me }) {
  const { t } = useTranslation('identity');
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <>
      <Section title={t('data.title')} description={t('data.description')}>
        <Group>
          <Download href="/api/me/export" text={t('data.export')} />
          <Download href="/api/events/download" text={t('data.ledger')} />
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

const Download = ({ href, text }: { readonly href: string; readonly text: string }) => (
  <Button component="a" href={href} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
    {text}
  </Button>
);
