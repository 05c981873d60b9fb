import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { queryClient } from '../api/client.ts';
import { Waiting } from './fallbacks.tsx';
import { router } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

/** The value that this page's Content-Security-Policy lets style elements carry; the gateway makes a new one for each page. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// What keeps the page behind a dialog from scrolling makes a style element of its own, and looks here (npm's get-nonce).
Object.assign(window, { __webpack_nonce__: nonce });

export const App = () => (
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications />
      <QueryClientProvider client={queryClient}>
        <Suspense fallback={<Waiting />}>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>
);
