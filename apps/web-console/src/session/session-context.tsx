import { ClientError } from '@coffer/client';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { SignInAgain } from '../ui/sign-in-again.tsx';
import { clearMessages } from '../ui/toast.tsx';
import { dropCredentials, keepCredentials, keptCredentials } from './kept-credentials.ts';
import { signIn, signOut, type Session } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';

interface SessionActions {
  readonly signOut: () => void;
}

const SessionContext = createContext<(Session & SessionActions) | undefined>(undefined);

/** The session of this tab. Only below {@link SessionGate}. */
export function useSession(): Session & SessionActions {
  const session = useContext(SessionContext);
  if (session === undefined) throw new TypeError('There is no session above this component');
  return session;
}

const place = { origin: globalThis.location.origin, isSecure: isSecureContext };

/**
 * Shows what is in it to who is signed in, and else the page to sign in. The address stays as it is, so that one ends
 * up where one wanted to go, and no address of elsewhere can be given as a target.
 */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [kept, setKept] = useState(() => keptCredentials(sessionStorage));
  const [failure, setFailure] = useState<unknown>();
  const queries = useQueryClient();

  const enter = useCallback(async (keyId: string, key: string): Promise<void> => {
    const begun = await signIn(keyId, key, place);
    setFailure(undefined);
    // Those that came when the session before had ended.
    clearMessages();
    setSession(begun);
  }, []);

  const enterByForm = async (keyId: string, key: string, isKept: boolean): Promise<void> => {
    await enter(keyId, key);
    // Also what was kept before, perhaps of another key.
    if (isKept) keepCredentials(sessionStorage, { keyId, key });
    else dropCredentials(sessionStorage);
  };

  const leave = useCallback((): void => {
    dropCredentials(sessionStorage);
    setKept(undefined);
    setSession((present) => {
      if (present) signOut(present);
      return undefined;
    });
    queries.clear();
    clearMessages();
  }, [queries]);

  useEffect(() => {
    if (kept === undefined) return;
    enter(kept.keyId, kept.key).catch((error: unknown) => {
      // A key that the server refuses is of no use. Otherwise it stays: the server may only be starting again.
      if (ClientError.is(error, 'unauthorized', 'bad_auth_token')) dropCredentials(sessionStorage);
      setFailure(error);
      setKept(undefined);
    });
  }, [kept, enter]);

  const value = useMemo(() => session && { ...session, signOut: leave }, [session, leave]);
  if (value) {
    return (
      <SessionContext value={value}>
        <SignInAgain value={leave}>{children}</SignInAgain>
      </SessionContext>
    );
  }
  return <SignInPage onSignIn={enterByForm} isResuming={kept !== undefined} failure={failure} />;
}
