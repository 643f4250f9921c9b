import { closeSync, openSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector';

/** Writes the bytes of every buffer and typed array that can be reached, one behind the other with eight zeros in between. */
export function writeReachableBuffers(file: string): void {
  const session = new Session();
  session.connect();
  const descriptor = openSync(file, 'w', 0o600);
  const gap = new Uint8Array(8);
  const holder = globalThis as { writeBytesForProbe?: (bytes: ArrayBuffer | Uint8Array | DataView) => void };
  holder.writeBytesForProbe = (bytes) => {
    const view = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
    if (view.byteLength > 0) writeSync(descriptor, view);
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

/** The engine itself is asked for all living objects with this prototype; a walk over properties would miss private fields. */
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

/** Sessions of the own process answer at once. */
function call(session: Session, method: string, parameters: object): Result {
  let answer: Result | undefined;
  let failure: Error | null = null;
  session.post(method, parameters, (error, result) => {
    failure = error;
    answer = result as Result;
  });
  if (failure !== null) throw failure as Error;
  if (answer?.exceptionDetails !== undefined) throw new Error(`${method} failed in the inspected process`);
  return answer ?? {};
}
