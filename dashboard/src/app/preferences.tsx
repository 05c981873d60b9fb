import { ActionIcon, Button, Group, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { client, queryClient, sessionQuery } from '../api/client.ts';
import { changeLanguage, currentLanguage, type Language } from './i18n.ts';

/** A person’s language is that of their mails, too; who is not logged in takes it along when they register. */
export async function chooseLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  if ((await queryClient.ensureQueryData(sessionQuery)).logged_in)
    await client.PATCH('/api/me', { body: { language } });
}

/** Language and theme, on every page. */
export function Preferences() {
  const { t } = useTranslation('app');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const isChinese = currentLanguage() === 'zh';
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        variant="subtle"
        size="compact-sm"
        lang={isChinese ? 'en' : 'zh-CN'}
        onClick={() => void chooseLanguage(isChinese ? 'en' : 'zh')}
      >
        {isChinese ? 'English' : '中文'}
      </Button>
      <ActionIcon
        variant="subtle"
        aria-label={scheme === 'dark' ? t('theme.light') : t('theme.dark')}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Group>
  );
}
