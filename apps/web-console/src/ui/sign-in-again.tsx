import { createContext, useContext } from 'react';
import { Button } from './button.tsx';

/** Ends the session, so that the page to sign in appears. Undefined where nobody is signed in. */
export const SignInAgain = createContext<(() => void) | undefined>(undefined);

/** For errors that only another sign-in can end. */
export function SignInAgainButton() {
  const signInAgain = useContext(SignInAgain);
  return signInAgain && <Button onPress={signInAgain}>Sign in again</Button>;
}
