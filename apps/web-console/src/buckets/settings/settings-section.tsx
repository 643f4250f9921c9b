import { ClientError } from '@coffer/client';
import type { ReactNode } from 'react';
import { Form } from 'react-aria-components/Form';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { focusFirstInvalid } from '../../ui/focus-invalid.ts';
import { RefreshIcon } from '../../ui/icons.ts';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useUnsaved } from './unsaved-settings.tsx';
import type { Saving } from './use-save.ts';

interface SettingsSectionProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly actions?: ReactNode;
  /** Why nothing can be changed here; undefined if it can. */
  readonly readOnlyReason: ReactNode;
  readonly saving: Saving;
  readonly isChanged: boolean;
  readonly onSave: () => void;
  /** Goes back to what is stored. */
  readonly onDrop: () => void;
  /** Asks the server what is stored now. */
  readonly onReload: () => Promise<unknown>;
  readonly children: ReactNode;
}

/** A setting with the buttons that save it, and what the server says of that. */
export function SettingsSection(props: SettingsSectionProps) {
  const { title, description, actions, readOnlyReason, saving, isChanged, onSave, onDrop, onReload, children } = props;
  useUnsaved(title, readOnlyReason === undefined && isChanged);
  const forget = (): void => {
    onDrop();
    saving.forget();
  };
  return (
    <Section title={title} description={description} actions={actions}>
      <Form
        className="settings-form"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
          focusFirstInvalid(event.currentTarget);
        }}
      >
        {children}
        <SaveFailure
          failure={saving.failure}
          onReload={() => {
            void onReload().then(forget);
          }}
        />
        {readOnlyReason !== undefined && <p className="soft small">{readOnlyReason}</p>}
        {readOnlyReason === undefined && isChanged && (
          <div className="row settings-buttons">
            <Button type="submit" variant="primary" isPending={saving.isPending}>
              Save
            </Button>
            <Button onPress={forget} isDisabled={saving.isPending}>
              Discard
            </Button>
            <Badge kind="warning">Not saved yet</Badge>
          </div>
        )}
      </Form>
    </Section>
  );
}

interface SaveFailureProps {
  readonly failure: unknown;
  readonly onReload: () => void;
}

/** Why a setting was not saved. */
function SaveFailure({ failure, onReload }: SaveFailureProps) {
  if (failure === undefined) return null;
  const reload = (
    <Button icon={RefreshIcon} onPress={onReload}>
      Load it again
    </Button>
  );
  if (!ClientError.is(failure, 'conflict')) return <ErrorNotice title="This could not be saved" error={failure} />;
  if (failure.mayHaveBeenDone) {
    return (
      <Notice kind="danger" title="It is not known whether this was saved" actions={reload}>
        The connection broke before the server answered. Load the bucket again, and look what it has now.
      </Notice>
    );
  }
  return (
    <Notice kind="danger" title="The bucket was changed in the meantime" actions={reload}>
      Somebody else saved settings of it after this page had read them, so nothing was saved. Load it again: what you
      changed in this section is dropped then.
    </Notice>
  );
}

interface NotVisibleSectionProps {
  readonly title: string;
  /** What the key lacks. */
  readonly capability: string;
}

/** Stands where the key may not even see a setting. */
export function NotVisibleSection({ title, capability }: NotVisibleSectionProps) {
  return (
    <Section title={title}>
      <p className="soft">
        This key may not see it: it lacks the capability <code>{capability}</code>.
      </p>
    </Section>
  );
}
