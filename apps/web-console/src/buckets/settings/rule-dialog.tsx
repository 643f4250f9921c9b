import { useState } from 'react';
import { Form } from 'react-aria-components/Form';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { focusFirstInvalid } from '../../ui/focus-invalid.ts';
import { Notice } from '../../ui/notice.tsx';
import { problemsIn, type Problem } from '../../format/problems.ts';
import type { RuleKind } from './rule-kind.ts';

interface RuleDialogProps<Rule> {
  readonly kind: RuleKind<Rule>;
  /** Undefined: a new one is made. */
  readonly rule: Rule | undefined;
  /** Its place among all rules. */
  readonly place: number;
  /** What would be wrong with all rules together. */
  readonly problemsOf: (rule: Rule) => readonly Problem[];
  readonly onDone: (rule: Rule) => void;
  readonly onClose: () => void;
}

/** A rule in a form. Problems are shown from the first attempt on, and then as one types. */
export function RuleDialog<Rule extends object>(props: RuleDialogProps<Rule>) {
  const { kind, rule: given, place, problemsOf, onDone, onClose } = props;
  const [rule, setRule] = useState(given ?? kind.blank);
  const [wasTried, setWasTried] = useState(false);
  const problems = wasTried ? problemsOf(kind.clean(rule)) : [];
  const own = problemsIn(problems, place);
  const general = [...problems.filter(({ path }) => path.length === 0), ...own.filter(({ path }) => path.length === 0)];
  return (
    <Dialog
      title={given === undefined ? `Add a ${kind.one}` : `Edit a ${kind.one}`}
      isOpen
      onClose={onClose}
      size="wide"
    >
      <Form
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          setWasTried(true);
          const cleaned = kind.clean(rule);
          if (problemsOf(cleaned).length === 0) onDone(cleaned);
          else focusFirstInvalid(event.currentTarget);
        }}
      >
        <kind.Fields rule={rule} onChange={setRule} problems={own} />
        {general.map(({ text }) => (
          <Notice key={text} kind="danger">
            {text}
          </Notice>
        ))}
        <p className="soft small">It is stored when you save the {kind.one}s, after this dialog.</p>
        <DialogActions>
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            {given === undefined ? 'Add' : 'Apply'}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
