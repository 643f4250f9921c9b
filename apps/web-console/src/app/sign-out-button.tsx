import { lazy, Suspense, useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { transfersOf } from '../transfers/transfers.ts';
import { Button } from '../ui/button.tsx';
import { SignOutIcon } from '../ui/icons.ts';

const SignOutDialog = lazy(() => import('./sign-out-dialog.tsx').then((module) => ({ default: module.SignOutDialog })));

/** Signs out; asks first while something is being transferred. */
export function SignOutButton() {
  const session = useSession();
  const [isAsking, setIsAsking] = useState(false);
  const press = (): void => {
    if (transfersOf(session).isActive) setIsAsking(true);
    else session.signOut();
  };
  return (
    <>
      <Button variant="quiet" icon={SignOutIcon} onPress={press}>
        Sign out
      </Button>
      {isAsking && (
        <Suspense>
          <SignOutDialog
            onClose={() => {
              setIsAsking(false);
            }}
            onConfirm={session.signOut}
          />
        </Suspense>
      )}
    </>
  );
}
