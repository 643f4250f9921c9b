import { useState, type ReactNode } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { AddIcon, CodeIcon, DeleteIcon, EditIcon, UpIcon } from '../../ui/icons.ts';
import { JsonArea } from './json-area.tsx';
import { problemsOf } from '../../format/problems.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { SettingsSection } from './settings-section.tsx';
import { printDraft } from './json-draft.ts';
import { useDraft } from './use-draft.ts';
import { useJson } from './use-json.ts';
import { changedElsewhere, useSave } from './use-save.ts';
import type { RuleKind } from './rule-kind.ts';

interface RulesSectionProps<Rule> {
  readonly kind: RuleKind<Rule>;
  readonly stored: readonly Rule[];
  readonly readOnlyReason: string | undefined;
  /** More that the reader has to know. */
  readonly remark?: ReactNode;
  readonly onSave: (rules: readonly Rule[]) => Promise<void>;
  readonly onReload: () => Promise<unknown>;
}

/** The rules of a bucket, in forms or as JSON. Nothing is stored before all of them are saved together. */
export function RulesSection<Rule extends object>(props: RulesSectionProps<Rule>) {
  const { kind, stored, readOnlyReason, remark, onSave, onReload } = props;
  const draft = useDraft(stored);
  const saving = useSave();
  const json = useJson(kind.schema);
  /** The place of the rule that is edited; that behind the last for a new one. */
  const [edited, setEdited] = useState<number>();
  const isReadOnly = readOnlyReason !== undefined;

  const drop = (): void => {
    draft.drop();
    json.close();
  };
  const save = async (): Promise<void> => {
    const read = json.text === undefined ? { value: draft.value } : json.read();
    if (read === undefined) return;
    // The schema has taken them, be it from the text or rule by rule.
    const rules = read.value as readonly Rule[];
    const isSaved = await saving.save(async () => {
      if (draft.isOutdated) throw changedElsewhere();
      await onSave(rules);
    }, `The ${kind.one}s were saved`);
    if (isSaved) drop();
  };
  const toggle = (): void => {
    if (json.text === undefined) {
      draft.begin();
      json.open(draft.value);
      return;
    }
    const read = json.read();
    if (read === undefined) return;
    if (printDraft(read.value) !== printDraft(draft.value)) draft.change(read.value as readonly Rule[]);
    draft.release();
    json.close();
  };
  return (
    <>
      <SettingsSection
        title={kind.title}
        description={kind.description}
        readOnlyReason={readOnlyReason}
        saving={saving}
        isChanged={json.text === undefined ? draft.isChanged : json.text !== printDraft(draft.base)}
        onSave={() => void save()}
        onDrop={drop}
        onReload={onReload}
        actions={
          <Button icon={json.text === undefined ? CodeIcon : EditIcon} onPress={toggle}>
            {json.text === undefined ? (isReadOnly ? 'Show as JSON' : 'Edit as JSON') : 'Back to the form'}
          </Button>
        }
      >
        {remark}
        {json.text === undefined ? (
          <RuleList
            kind={kind}
            rules={draft.value}
            isReadOnly={isReadOnly}
            onChange={draft.change}
            onEdit={(place) => {
              // While the dialog is open, a place stands for the same rule.
              draft.begin();
              setEdited(place);
            }}
          />
        ) : (
          <JsonArea
            label={`${kind.title} as JSON`}
            text={json.text}
            onChange={json.change}
            error={json.problem}
            isReadOnly={isReadOnly}
          />
        )}
      </SettingsSection>
      {/* Not inside of the section's form, to which its own would be submitted, too. */}
      {edited !== undefined && (
        <RuleDialog
          kind={kind}
          rule={draft.value[edited]}
          problemsOf={(rule) => problemsOf(kind.schema, draft.value.toSpliced(edited, 1, rule))}
          place={edited}
          onClose={() => {
            setEdited(undefined);
            draft.release();
          }}
          onDone={(rule) => {
            draft.change(draft.value.toSpliced(edited, 1, rule));
            setEdited(undefined);
          }}
        />
      )}
    </>
  );
}

interface RuleListProps<Rule> {
  readonly kind: RuleKind<Rule>;
  readonly rules: readonly Rule[];
  readonly isReadOnly: boolean;
  readonly onChange: (rules: readonly Rule[]) => void;
  /** `place`: that of the rule, or that behind the last for a new one. */
  readonly onEdit: (place: number) => void;
}

function RuleList<Rule extends object>({ kind, rules, isReadOnly, onChange, onEdit }: RuleListProps<Rule>) {
  return (
    <>
      {rules.length === 0 && <p className="soft">There is no {kind.one}.</p>}
      {rules.length > 0 && (
        <ul className="rules">
          {rules.map((rule, index) => (
            // Rules may have the same name while they are typed, so their place tells them from each other.
            <li key={index} className="rule">
              <div className="rule-summary">
                <kind.Summary rule={rule} />
              </div>
              {!isReadOnly && (
                <div className="rule-buttons">
                  {kind.isOrdered && index > 0 && (
                    <IconButton
                      icon={UpIcon}
                      label={`Move ${kind.nameOf(rule)} up`}
                      onPress={() => {
                        onChange(rules.toSpliced(index, 1).toSpliced(index - 1, 0, rule));
                      }}
                    />
                  )}
                  <IconButton
                    icon={EditIcon}
                    label={`Edit ${kind.nameOf(rule)}`}
                    onPress={() => {
                      onEdit(index);
                    }}
                  />
                  <IconButton
                    icon={DeleteIcon}
                    label={`Remove ${kind.nameOf(rule)}`}
                    onPress={() => {
                      onChange(rules.filter((_, place) => place !== index));
                    }}
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {!isReadOnly && rules.length < kind.most && (
        <div>
          <Button
            icon={AddIcon}
            onPress={() => {
              onEdit(rules.length);
            }}
          >
            Add a {kind.one}
          </Button>
        </div>
      )}
    </>
  );
}
