import { ActionIcon, Button, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, currentLanguage } from './i18n.ts';

/** Language and theme, on every page. */
export function Preferences() {
  const { t } = useTranslation('app');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const isChinese = currentLanguage() === 'zh';
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        lang={isChinese ? 'en' : 'zh-CN'}
        onClick={() => void changeLanguage(isChinese ? 'en' : 'zh')}
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
    </>
  );
}
