import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

export function FrontPage() {
  const { t } = useTranslation('visitors');
  return <Page title={t('title')}>{null}</Page>;
}
