import '@mantine/core/styles.css';
import './app.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { keepFocus } from '../ui/focus.ts';
import { startTranslation } from './i18n.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
await startTranslation();
keepFocus();
createRoot(root).render(<App />);
