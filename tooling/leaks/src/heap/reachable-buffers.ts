import { closeSync, openSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { types } from 'node:util';

/**
 * Writes the bytes of every buffer and typed array that can be reached, one behind the other with eight zeros in
 * between.
 */
export function writeReachableBuffers(file: string): void {
  const session = new Session();
  session.connect();
  const descriptor = openSync(file, 'w', 0o600);
  const gap = new Uint8Array(8);
  const holder = globalThis as { writeBytesForProbe?: (object: unknown) => void };
  holder.writeBytesForProbe = (object) => {
    const view = viewOf(object);
    if (view === undefined || view.byteLength === 0) return;
    writeSync(descriptor, view);
    writeSync(descriptor, gap);
  };
  for (const prototype of [
    'ArrayBuffer.prototype',
    'Object.getPrototypeOf(Uint8Array.prototype)',
    'DataView.prototype',
  ])
    visitInstances(session, prototype);
  delete holder.writeBytesForProbe;
  closeSync(descriptor);
  session.disconnect();
}

/** Prototypes are among the objects that have a prototype, and hold no bytes. */
function viewOf(object: unknown): NodeJS.ArrayBufferView | undefined {
  if (types.isAnyArrayBuffer(object)) return new Uint8Array(object);
  return types.isArrayBufferView(object) ? object : undefined;
}

/**
 * The engine itself is asked for all living objects with this prototype; a walk over properties would miss private
 * fields.
 */
function visitInstances(session: Session, prototype: string): void {
  const objectId = call(session, 'Runtime.evaluate', { expression: prototype }).result?.objectId;
  const objects = call(session, 'Runtime.queryObjects', { prototypeObjectId: objectId }).objects?.objectId;
  const functionDeclaration = `function () { for (const one of this) globalThis.writeBytesForProbe(one); }`;
  call(session, 'Runtime.callFunctionOn', { objectId: objects, functionDeclaration });
}

interface Result {
  readonly result?: { readonly objectId?: string };
  readonly objects?: { readonly objectId?: string };
  readonly exceptionDetails?: unknown;
}

/** Sessions of the own process answer before `post` returns. */
function call(session: Session, method: string, parameters: object): Result {
  const answers: { readonly error: Error | null; readonly result: Result }[] = [];
  session.post(method, parameters, (error, result: Result = {}) => answers.push({ error, result }));
  const [answer] = answers;
  if (answer === undefined) throw new Error(`${method} was not answered`);
  if (answer.error !== null) throw answer.error;
  if (answer.result.exceptionDetails !== undefined) throw new Error(`${method} failed in the inspected process`);
  return answer.result;
}
