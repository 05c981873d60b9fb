import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function LoginPage() {
  const { t } = useTranslation('identity');
  return <Page title={t('title')}>{null}</Page>;
}
