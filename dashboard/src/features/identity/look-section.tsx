import { NativeSelect, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currentLanguage, type Language } from '../../app/i18n.ts';
import { chooseLanguage } from '../../app/preferences.tsx';
import { Section } from '../../ui/section.tsx';

type Scheme = 'light' | 'dark' | 'auto';

export function LookSection() {
  const { t } = useTranslation('identity');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t('look.title')}>
      <NativeSelect
        label={t('look.language')}
        description={t('look.languageHint')}
        maw={420}
        value={currentLanguage()}
        onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
        data={[
          { value: 'en', label: 'English' },
          { value: 'zh', label: '中文' },
        ]}
      />
      <NativeSelect
        label={t('look.theme')}
        maw={420}
        value={colorScheme}
        onChange={(event) => setColorScheme(event.currentTarget.value as Scheme)}
        data={[
          { value: 'auto', label: t('look.auto') },
          { value: 'light', label: t('look.light') },
          { value: 'dark', label: t('look.dark') },
        ]}
      />
    </Section>
  );
}
