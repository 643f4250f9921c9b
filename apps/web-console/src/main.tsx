import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { router } from './app/router.tsx';
import { SessionGate } from './session/session-context.tsx';
import { refuseOtherFiles } from './ui/dropped-files.ts';
import './ui/base.css';

// The client repeats what is worth repeating, so the cache does not. It also asks when the browser says that it is
// offline, which is wrong for a server on this machine, and otherwise ends in an error that is told.
const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 10_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

refuseOtherFiles();

const root = document.getElementById('root');
if (root === null) throw new TypeError('The page has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    {/* The texts of this console are English, so dates and the texts of components are, too. */}
    <I18nProvider locale="en-GB">
      <QueryClientProvider client={queries}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
