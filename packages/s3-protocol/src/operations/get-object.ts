import { serveObject } from '../objects/serve-object.ts';
import type { Handler } from './handler.ts';

/** AWS docs `GetObject`. */
export const getObject: Handler<'GetObject'> = (call) => serveObject(call);
