import { contentBytes } from '../model/content.ts';
import type { RawStep } from '../model/step.ts';
import type { RawForm, WireRequest } from '../wire/transport.ts';
import type { Scope } from './scope.ts';

const ofRequest = /\{\{(?:(method|target)|letters\.(\d+)|sent\.([^{}]+))\}\}/g;

/** A request, changed as a step says, in the form in which it goes to the wire. */
export function rawFormOf(step: RawStep, request: WireRequest, scope: Scope): RawForm {
  const { requestLine = '{{method}} {{target}} HTTP/1.1', without = [], lines = [], lineEnd = '\r\n' } = step;
  const filled = (text: string): string => scope.text(withRequest(text, request));
  const kept = request.headers.filter(([name]) => !without.includes(name.toLowerCase()));
  const head = [
    filled(requestLine),
    ...kept.map(([name, value]) => `${name}: ${value}`),
    ...lines.map(filled),
    // What only separates the head from the body.
    '',
    '',
  ];
  const body = step.body === undefined ? request.body : contentBytes(step.body, scope.run.minimumPart);
  return {
    head: head.join(lineEnd),
    body: body.subarray(0, step.closedAfter),
    closes: step.closedAfter !== undefined,
  };
}

function withRequest(text: string, { method, target, headers }: WireRequest): string {
  return text.replace(
    ofRequest,
    (_, part: 'method' | 'target' | undefined, letters: string | undefined, name: string) => {
      if (part !== undefined) return part === 'method' ? method : target;
      if (letters !== undefined) return 'a'.repeat(Number(letters));
      return headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? '';
    },
  );
}
