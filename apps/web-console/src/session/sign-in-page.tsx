import { ClientError } from '@coffer/client';
import { useEffect, useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { Loading } from '../ui/page.tsx';
import { TextField } from '../ui/text-field.tsx';
import './sign-in-page.css';

interface SignInPageProps {
  readonly onSignIn: (keyId: string, key: string, isKept: boolean) => Promise<void>;
  /** Whether a kept key is being tried. */
  readonly isResuming: boolean;
  /** Why a kept key could not be used. */
  readonly failure: unknown;
}

export function SignInPage({ onSignIn, isResuming, failure }: SignInPageProps) {
  const [keyId, setKeyId] = useState('');
  const [key, setKey] = useState('');
  const [isKept, setIsKept] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    document.title = 'Sign in – Coffer';
  }, []);

  const submit = async (): Promise<void> => {
    setIsPending(true);
    setError(undefined);
    try {
      await onSignIn(keyId.trim(), key.trim(), isKept);
    } catch (caught) {
      setError(caught);
      setIsPending(false);
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <div className="sign-in-brand">
          <img src="/icon.svg" width="40" height="40" alt="" />
          <h1>Coffer</h1>
        </div>
        {isResuming ? (
          <Loading what="Signing in" />
        ) : (
          <>
            <p className="soft">Sign in with an application key, as clients of the B2 API do.</p>
            <Form
              className="stack"
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <TextField
                label="Application key id"
                value={keyId}
                onChange={setKeyId}
                isRequired
                isMono
                autoFocus
                autoComplete="username"
                description={
                  <>
                    For the master application key, the account id. <code>coffer keys show-master</code> prints both
                    where the server runs.
                  </>
                }
              />
              <TextField
                label="Application key"
                type="password"
                value={key}
                onChange={setKey}
                isRequired
                isMono
                autoComplete="current-password"
              />
              <Checkbox
                isSelected={isKept}
                onChange={setIsKept}
                description={
                  'The browser keeps the key for this tab, may bring it back when a closed tab is reopened, and ' +
                  'copies it when the tab is duplicated. Otherwise a reload of the page signs you out.'
                }
              >
                Keep me signed in until this tab closes
              </Checkbox>
              <FailureNotice error={error ?? failure} />
              <Button type="submit" variant="primary" isPending={isPending}>
                {isPending ? 'Signing in …' : 'Sign in'}
              </Button>
            </Form>
          </>
        )}
        {!isSecureContext && (
          <Notice kind="warning" title="This connection is not encrypted">
            The key can be read by whoever is between you and the server. Customer keys are not sent over it at all.
          </Notice>
        )}
      </div>
    </main>
  );
}

/** Most often, what fails is a mistyped key. */
function FailureNotice({ error }: { readonly error: unknown }) {
  if (error === undefined) return null;
  if (ClientError.is(error, 'unauthorized') || ClientError.is(error, 'bad_auth_token')) {
    return (
      <Notice kind="danger" title="The server does not accept this key">
        Check the key id and the key. The key may also have expired or been deleted.
      </Notice>
    );
  }
  return <ErrorNotice title="Signing in failed" error={error} />;
}
