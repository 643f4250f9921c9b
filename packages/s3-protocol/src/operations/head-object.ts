import { serveObject } from '../objects/serve-object.ts';
import type { Handler } from './handler.ts';

/** AWS docs `HeadObject`. */
export const headObject: Handler<'HeadObject'> = (call) => serveObject(call);
