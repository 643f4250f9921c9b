import { Link, Outlet, useRouter, useRouterState } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { RouterProvider as AriaRouterProvider } from 'react-aria-components';
import { CustomerKeysButton } from '../customer-keys/customer-keys-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { BucketIcon, KeyIcon, ServerIcon, SnapshotIcon } from '../ui/icons.ts';
import { Toasts } from '../ui/toast.tsx';
import { TransferTray } from '../transfers/transfer-tray.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { loadPages } from './pages.ts';
import './shell.css';

interface Place {
  readonly to: '/buckets' | '/snapshots' | '/application-keys' | '/server';
  readonly label: string;
  readonly icon: LucideIcon;
}

/** What is around every page: where one can go, who is signed in, what is being transferred. */
export function Shell() {
  const { keyId, account, rights } = useSession();
  const router = useRouter();
  useFocusOnNewPage();
  usePagesInAdvance();
  // The master key has the account's id.
  const isMaster = keyId === account.accountId;
  const places: Place[] = [
    { to: '/buckets', label: 'Buckets', icon: BucketIcon },
    { to: '/snapshots', label: 'Snapshots', icon: SnapshotIcon },
    ...(rights.has('listKeys') ? [{ to: '/application-keys', label: 'Application keys', icon: KeyIcon } as const] : []),
    ...(isMaster ? [{ to: '/server', label: 'This server', icon: ServerIcon } as const] : []),
  ];
  return (
    <AriaRouterProvider navigate={(href) => void router.navigate({ href })}>
      <div className="shell">
        <a className="skip-link" href="#content">
          Skip to the content
        </a>
        <header className="shell-side">
          <div className="shell-brand">
            <img src="/icon.svg" width="28" height="28" alt="" />
            <span>Coffer</span>
          </div>
          <nav className="shell-nav" aria-label="Main">
            {places.map(({ to, label, icon: Icon }) => (
              <Link key={to} to={to} className="shell-link" activeProps={{ 'aria-current': 'page' }}>
                <Icon size={18} aria-hidden />
                <span>{label}</span>
              </Link>
            ))}
          </nav>
          <div className="shell-account">
            <span className="small soft">
              {isMaster ? 'Master application key' : 'Application key'}
              <br />
              <code className="name">{keyId}</code>
            </span>
            <CustomerKeysButton />
            <SignOutButton />
          </div>
        </header>
        <main id="content" className="shell-content" tabIndex={-1}>
          <Outlet />
        </main>
        <TransferTray />
        <Toasts />
      </div>
    </AriaRouterProvider>
  );
}

/** On another page, the focus is at its heading: screen readers tell where one is, and Tab goes on from there. */
function useFocusOnNewPage(): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const last = useRef(path);
  useEffect(() => {
    // The first page leaves the focus where the browser has it.
    if (last.current !== undefined && last.current !== path)
      document.querySelector<HTMLElement>('#content h1')?.focus();
    last.current = path;
  }, [path]);
}

/** Loads the other pages when there is time, so that they are there at once, even if the server is not. */
function usePagesInAdvance(): void {
  useEffect(() => {
    const timer = setTimeout(() => void loadPages(), 1_500);
    return () => {
      clearTimeout(timer);
    };
  }, []);
}
